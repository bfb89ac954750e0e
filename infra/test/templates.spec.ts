import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { createTableInput } from '@swe/adapter-aws/dynamodb';
import { CALLBACK_PATH } from '@swe/adapter-http/console';
import { consoleSetting } from '@swe/config/console';
import { propertiesOf, STACKS, SYNTHESISED, templateOf, VARIANTS } from './variants';
import type { Variant } from './variants';

const variants = Object.keys(VARIANTS) as Variant[];
const allOf = (type: string, variant: Variant = 'main') =>
  STACKS.flatMap((stack) => propertiesOf(templateOf(stack, variant), type));
const theOnly = (type: string, variant: Variant = 'main') => {
  const found = allOf(type, variant);
  expect(found).toHaveLength(1);
  return found[0]!;
};

/** Of what is part of something that has a name. */
const NAMES_WITHIN = [
  'AWS::ApiGatewayV2::Stage StageName',
  'AWS::AppSync::ChannelNamespace Name',
  'AWS::CloudWatch::Alarm MetricName',
  'AWS::Cognito::UserPoolGroup GroupName',
  'AWS::IAM::Policy PolicyName',
];

it.each(STACKS)('%s is as it was', (stack) => {
  expect(templateOf(stack)).toMatchSnapshot();
});

it('the checks of cdk-nag see a bucket that anybody could read in clear', () => {
  const report = JSON.parse(readFileSync(join(SYNTHESISED, 'careless/validation-report.json'), 'utf8')) as {
    pluginReports: readonly { violations: readonly { ruleName: string }[] }[];
  };
  const rules = report.pluginReports.flatMap(({ violations }) => violations.map(({ ruleName }) => ruleName));
  expect(rules).toEqual(expect.arrayContaining(['AwsSolutions-S1', 'AwsSolutions-S10']));
});

describe('every stack', () => {
  const resources = variants.flatMap((variant) =>
    STACKS.flatMap((stack) => Object.values(templateOf(stack, variant).Resources)),
  );

  it('leaves nothing behind when it is deleted', () => {
    const kept = resources.filter(({ DeletionPolicy }) => ![undefined, 'Delete'].includes(DeletionPolicy));
    expect(kept).toEqual([]);
    // These stay unless they say otherwise, or are made by what is not deleted with the stack.
    const logged = resources.filter(({ Type }) => Type === 'AWS::Logs::LogGroup');
    expect(logged.every(({ DeletionPolicy }) => DeletionPolicy === 'Delete')).toBe(true);
    expect(resources.filter(({ Type }) => Type.startsWith('Custom::'))).toEqual([]);
  });

  it('has a log of limited age for every function, and its own name for everything', () => {
    const functions = resources.filter(({ Type }) => Type === 'AWS::Lambda::Function');
    expect(functions).toHaveLength(2 * variants.length);
    for (const { Properties } of functions) {
      expect(Properties['LoggingConfig']).toMatchObject({ LogGroup: { Ref: expect.any(String) } });
    }
    const logs = resources.filter(({ Type }) => Type === 'AWS::Logs::LogGroup');
    expect(logs.every(({ Properties }) => Properties['RetentionInDays'] === 30)).toBe(true);
  });

  it('shares no name with another environment', () => {
    const namesOf = (variant: Variant) =>
      STACKS.flatMap((stack) =>
        Object.values(templateOf(stack, variant).Resources).flatMap(({ Type, Properties }) =>
          Object.entries(Properties).flatMap(([key, value]) =>
            key.endsWith('Name') && typeof value === 'string' && !NAMES_WITHIN.includes(`${Type} ${key}`)
              ? [`${Type} ${value}`]
              : [],
          ),
        ),
      );
    const [main, chosen] = [namesOf('main'), namesOf('chosen')];
    expect(main.length).toBeGreaterThan(15);
    expect(main.filter((name) => chosen.includes(name))).toEqual([]);
  });

  it('costs nothing by the hour', () => {
    const types = new Set(resources.map(({ Type }) => Type));
    const charged =
      /NatGateway|::EIP$|VPCEndpoint|LoadBalancer|EC2::Instance|KMS::Key|SecretsManager|ProvisionedConcurrency/;
    expect([...types].filter((type) => charged.test(type))).toEqual([]);
  });

  it('bears the environment’s tag', () => {
    for (const stack of STACKS) {
      const tagged = Object.values(templateOf(stack).Resources).filter(({ Properties }) =>
        JSON.stringify(Properties['Tags'] ?? '').includes('swe:environment'),
      );
      expect(tagged.length).toBeGreaterThan(0);
    }
    expect(JSON.stringify(theOnly('AWS::Budgets::Budget'))).toContain('user:swe:environment$main');
  });
});

describe('Core', () => {
  it('has the table that the adapter expects, with backups and a stream', () => {
    const table = theOnly('AWS::DynamoDB::Table');
    const byName = (one: { AttributeName?: unknown }, other: { AttributeName?: unknown }) =>
      String(one.AttributeName).localeCompare(String(other.AttributeName));
    const { AttributeDefinitions = [], ...expected } = createTableInput('swe-main');
    expect(table).toMatchObject(expected);
    const attributes = table['AttributeDefinitions'] as typeof AttributeDefinitions;
    expect(attributes.toSorted(byName)).toEqual(AttributeDefinitions.toSorted(byName));
    expect(table).toMatchObject({
      PointInTimeRecoverySpecification: { PointInTimeRecoveryEnabled: true },
      StreamSpecification: { StreamViewType: 'NEW_IMAGE' },
    });
  });

  it('forgets nothing of the table by itself: what was accepted once is a duplicate for good', () => {
    expect(theOnly('AWS::DynamoDB::Table')).not.toHaveProperty('TimeToLiveSpecification');
  });

  it('has a bucket that is nobody else’s, and refuses requests in clear', () => {
    expect(theOnly('AWS::S3::Bucket')).toMatchObject({
      PublicAccessBlockConfiguration: {
        BlockPublicAcls: true,
        BlockPublicPolicy: true,
        IgnorePublicAcls: true,
        RestrictPublicBuckets: true,
      },
      LifecycleConfiguration: {
        Rules: expect.arrayContaining([expect.objectContaining({ Id: 'unfinished' })]),
      },
    });
    expect(theOnly('AWS::S3::BucketPolicy')).toMatchObject({
      PolicyDocument: {
        Statement: [
          { Effect: 'Deny', Action: 's3:*', Condition: { Bool: { 'aws:SecureTransport': 'false' } } },
        ],
      },
    });
  });

  it('has the namespace of the sessions’ channels, for those whom IAM lets in', () => {
    expect(theOnly('AWS::AppSync::ChannelNamespace')).toMatchObject({ Name: 'sessions' });
    const iam = [{ AuthType: 'AWS_IAM' }];
    expect(theOnly('AWS::AppSync::Api')).toMatchObject({
      EventConfig: {
        AuthProviders: iam,
        ConnectionAuthModes: iam,
        DefaultPublishAuthModes: iam,
        DefaultSubscribeAuthModes: iam,
      },
    });
  });

  it('tells by mail whoever is to be told', () => {
    expect(allOf('AWS::SNS::Subscription')).toEqual([]);
    expect(theOnly('AWS::SNS::Subscription', 'chosen')).toMatchObject({ Endpoint: 'ada@example.com' });
  });
});

describe('Ingress', () => {
  it('says where Slack is to send its events', () => {
    const { Outputs = {} } = templateOf('Ingress');
    expect(JSON.stringify(Outputs['SlackBoltEndpointUrl']?.Value)).toMatch(/\/slack\/events/);
    expect(JSON.stringify(Outputs['GithubWebhookUrl']?.Value)).toMatch(/\/github\/webhooks/);
  });
});

describe('Console', () => {
  /** As it is once CloudFormation has put in what is known then. */
  const resolved = (value: unknown, known: Readonly<Record<string, string>>): string => {
    const { 'Fn::Join': join } = value as { 'Fn::Join'?: [string, readonly unknown[]] };
    const parts = join?.[1] ?? [value];
    return parts
      .map((part) => (typeof part === 'string' ? part : (known[JSON.stringify(part)] ?? 'unknown')))
      .join('');
  };

  it('lets nobody in who was not invited, and knows the roles', () => {
    expect(theOnly('AWS::Cognito::UserPool')).toMatchObject({
      AdminCreateUserConfig: { AllowAdminCreateUserOnly: true },
      UsernameAttributes: ['email'],
    });
    const groups = allOf('AWS::Cognito::UserPoolGroup').map(({ GroupName }) => GroupName);
    expect(groups.toSorted()).toEqual(['admin', 'member', 'viewer']);
  });

  it('has a client without a secret, which leads back to the ingress alone', () => {
    const client = theOnly('AWS::Cognito::UserPoolClient');
    expect(client).toMatchObject({
      GenerateSecret: false,
      AllowedOAuthFlows: ['code'],
      AllowedOAuthScopes: ['openid', 'email'],
    });
    const [url] = [...JSON.stringify(client['CallbackURLs']).matchAll(/\{"Fn::ImportValue":"[^"]*"\}/g)];
    const known = { [url?.[0] ?? '']: 'https://api.example' };
    const urlsOf = (key: string) => (client[key] as unknown[]).map((each) => resolved(each, known));
    expect([urlsOf('CallbackURLs'), urlsOf('LogoutURLs')]).toEqual([
      [`https://api.example${CALLBACK_PATH}`],
      ['https://api.example/'],
    ]);
  });

  it('has pages under a name that no other account or environment has', () => {
    const domains = variants.map((variant) =>
      JSON.stringify(theOnly('AWS::Cognito::UserPoolDomain', variant)),
    );
    expect(domains.every((domain) => domain.includes('AWS::AccountId'))).toBe(true);
    expect(new Set(domains).size).toBe(variants.length);
  });

  it('tells the ingress what that reads, in the parameter that it looks at', () => {
    const { Name, Value } = propertiesOf(templateOf('Console'), 'AWS::SSM::Parameter')[0] ?? {};
    const [app] = propertiesOf(templateOf('Ingress'), 'AWS::Lambda::Function');
    expect(app).toMatchObject({ Environment: { Variables: { SWE_CONSOLE_PARAMETER: Name } } });
    const files = `console/${'0'.repeat(64)}/`;
    const [issuer = ''] = /\{"Fn::GetAtt":\["People\w+","ProviderURL"\]\}/.exec(JSON.stringify(Value)) ?? [];
    const known = {
      '{"Ref":"ConsoleFiles"}': files,
      [issuer]: 'https://cognito-idp.eu-west-1.amazonaws.com/eu-west-1_a',
    };
    expect(consoleSetting.parse(JSON.parse(resolved(Value, known)))).toEqual({
      files,
      issuer: 'https://cognito-idp.eu-west-1.amazonaws.com/eu-west-1_a',
      clientId: 'unknown',
      domain: 'https://unknown.auth.unknown.amazoncognito.com',
    });
  });
});

describe('WorkerManager', () => {
  it('gives up a record after three attempts or ten minutes, and keeps what was given up', () => {
    expect(theOnly('AWS::Lambda::EventSourceMapping')).toMatchObject({
      BisectBatchOnFunctionError: true,
      FunctionResponseTypes: ['ReportBatchItemFailures'],
      MaximumRetryAttempts: 3,
      MaximumRecordAgeInSeconds: 600,
      DestinationConfig: {
        OnFailure: { Destination: { 'Fn::GetAtt': [expect.stringContaining('Dead'), 'Arn'] } },
      },
    });
    const alarms = allOf('AWS::CloudWatch::Alarm').map(({ AlarmName }) => AlarmName);
    expect(alarms).toContain('swe-main-worker-manager-dead-letters');
  });

  it('is called by the minute', () => {
    expect(theOnly('AWS::Events::Rule')).toMatchObject({ ScheduleExpression: 'rate(1 minute)' });
  });

  it('reads the template’s version at each of its deployments', () => {
    const { Parameters } = templateOf('WorkerManager');
    const read = Object.values(Parameters).map(({ Default }) => Default);
    const told = propertiesOf(templateOf('Agent'), 'AWS::SSM::Parameter').map(({ Name }) => Name);
    expect(told).toHaveLength(3);
    expect(read).toEqual(expect.arrayContaining(told));
  });
});

describe('Agent', () => {
  const launched = (variant: Variant) =>
    theOnly('AWS::EC2::LaunchTemplate', variant)['LaunchTemplateData'] as Readonly<Record<string, unknown>>;

  it('lets nobody reach a machine', () => {
    expect(allOf('AWS::EC2::SecurityGroup').flatMap((group) => group['SecurityGroupIngress'] ?? [])).toEqual(
      [],
    );
    expect(allOf('AWS::EC2::SecurityGroupIngress')).toEqual([]);
    expect(launched('main')).not.toHaveProperty('KeyName');
  });

  it('keeps a machine’s role from whoever has no token, and its disk from whoever has the disk', () => {
    expect(launched('main')).toMatchObject({
      MetadataOptions: {
        HttpTokens: 'required',
        HttpPutResponseHopLimit: 1,
        InstanceMetadataTags: 'enabled',
      },
      BlockDeviceMappings: [
        {
          DeviceName: '/dev/xvda',
          Ebs: { Encrypted: true, VolumeType: 'gp3', VolumeSize: 30, DeleteOnTermination: true },
        },
      ],
    });
    // The manager names subnets, which EC2 takes beside network interfaces of a template's own for a contradiction.
    expect(launched('main')).not.toHaveProperty('NetworkInterfaces');
    expect(launched('main')).toHaveProperty('SecurityGroupIds');
  });

  it.each([
    ['main', '/aws/service/debian/release/13/latest/arm64', /^t4g\.large,/],
    ['chosen', '/aws/service/debian/release/13/latest/amd64', /^t3\.large,/],
  ] as const)('has an image and kinds of machines that fit each other: %s', (variant, image, kinds) => {
    const images = Object.values(templateOf('Agent', variant).Parameters).map(({ Default }) => Default);
    expect(images).toContain(image);
    const [manager] = propertiesOf(templateOf('WorkerManager', variant), 'AWS::Lambda::Function');
    expect(manager).toMatchObject({
      Environment: { Variables: { SWE_INSTANCE_TYPES: expect.stringMatching(kinds) } },
    });
  });

  it('uses a network that exists when it is told one', () => {
    expect(allOf('AWS::EC2::VPC')).toHaveLength(1);
    expect(allOf('AWS::EC2::Subnet').every((subnet) => subnet['MapPublicIpOnLaunch'] === true)).toBe(true);
    for (const type of ['AWS::EC2::VPC', 'AWS::EC2::Subnet']) expect(allOf(type, 'chosen')).toEqual([]);
    expect(theOnly('AWS::EC2::SecurityGroup', 'chosen')).toMatchObject({ VpcId: 'vpc-0123456789abcdef0' });
    const subnets = propertiesOf(templateOf('Agent', 'chosen'), 'AWS::SSM::Parameter').map(
      ({ Value }) => Value,
    );
    expect(subnets).toContain('subnet-0123456789abcdef1,subnet-0123456789abcdef2,subnet-0123456789abcdef3');
  });
});

describe('the image of a machine', () => {
  const bySuffix = (what: string, variant: Variant = 'main') =>
    theOnly(`AWS::ImageBuilder::${what}`, variant);
  const parameter = (variant: Variant = 'main') => {
    const [target] = bySuffix('DistributionConfiguration', variant)['Distributions'] as readonly {
      readonly SsmParameterConfigurations: readonly { readonly ParameterName: string }[];
    }[];
    return target?.SsmParameterConfigurations[0]?.ParameterName;
  };

  it.each([
    ['main', 'arm64', '/imagebuilder/swe-main/worker-arm64'],
    ['chosen', 'amd64', '/imagebuilder/swe-canary/worker-x86_64'],
  ] as const)(
    '%s is of the system that machines have without it, and where the manager looks',
    (variant, cpu, name) => {
      const images = Object.values(templateOf('Agent', variant).Parameters).map(({ Default }) => Default);
      const { ParentImage } = bySuffix('ImageRecipe', variant);
      expect(ParentImage).toBe(`ssm:/aws/service/debian/release/13/latest/${cpu}`);
      expect(images).toContain(String(ParentImage).replace('ssm:', ''));
      // Where Image Builder's own role may write: https://docs.aws.amazon.com/aws-managed-policy/latest/reference/AWSServiceRoleForImageBuilder.html
      expect(parameter(variant)).toBe(name);
      const [manager] = propertiesOf(templateOf('WorkerManager', variant), 'AWS::Lambda::Function');
      expect(manager).toMatchObject({
        Environment: { Variables: { SWE_WORKER_IMAGE_PARAMETER: name } },
      });
    },
  );

  it('is made by the script of a first start, byte by byte, so that there is nothing left to do then', () => {
    const script = '#!/bin/sh\necho install\n';
    const { phases } = JSON.parse(String(bySuffix('Component')['Data'])) as {
      phases: readonly { steps: readonly { inputs: { commands: readonly string[] } }[] }[];
    };
    const [write = '', ...rest] = phases[0]?.steps[0]?.inputs.commands ?? [];
    expect(write).toBe(`cat >/usr/local/sbin/swe-install <<'END-OF-FILE'\n${script}END-OF-FILE`);
    expect(rest.at(-1)).toBe('/usr/local/sbin/swe-install packages tools users');
  });

  it('is made every week, is tested by nobody who is paid for, and replaces the one before', () => {
    expect(bySuffix('ImagePipeline')).toMatchObject({
      Schedule: {
        PipelineExecutionStartCondition: 'EXPRESSION_MATCH_ONLY',
        // Minute, hour, day, month, day of the week, year.
        ScheduleExpression: expect.stringMatching(/^cron\((\S+ ){5}\S+\)$/),
      },
      ImageTestsConfiguration: { ImageTestsEnabled: false },
      ImageTags: { 'swe:image': 'main' },
    });
    expect(bySuffix('LifecyclePolicy')).toMatchObject({
      ResourceSelection: { TagMap: { 'swe:image': 'main' } },
      PolicyDetails: [
        {
          Action: { Type: 'DELETE', IncludeResources: { Amis: true, Snapshots: true } },
          Filter: { Type: 'COUNT', Value: 1 },
        },
      ],
    });
  });

  it('is built where nobody can reach it, by what the manager does not take for a machine of its own', () => {
    const infrastructure = bySuffix('InfrastructureConfiguration');
    expect(infrastructure).toMatchObject({
      InstanceMetadataOptions: { HttpTokens: 'required' },
      TerminateInstanceOnFailure: true,
      ResourceTags: { 'swe:image': 'main' },
    });
    expect(JSON.stringify(infrastructure['SecurityGroupIds'])).toContain('GroupId');
    expect(bySuffix('ImageRecipe')).toMatchObject({
      AdditionalInstanceConfiguration: { SystemsManagerAgent: { UninstallAfterBuild: true } },
    });
  });
});
