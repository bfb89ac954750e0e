import { createHash } from 'node:crypto';
import { Aws, Fn, RemovalPolicy } from 'aws-cdk-lib';
import { InstanceProfile, ManagedPolicy, Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import {
  CfnComponent,
  CfnDistributionConfiguration,
  CfnImagePipeline,
  CfnImageRecipe,
  CfnInfrastructureConfiguration,
  CfnLifecyclePolicy,
} from 'aws-cdk-lib/aws-imagebuilder';
import { LogGroup, RetentionDays } from 'aws-cdk-lib/aws-logs';
import { Construct } from 'constructs';
import { acknowledge } from '../acknowledge';
import { imageParameterName, nameOf } from '../names';
import type { Settings } from '../settings';
import { file } from './boot-commands';
import type { WorkerNetwork } from './worker-network';

export interface WorkerImageOptions extends Pick<Settings, 'environment' | 'architecture' | 'instanceTypes'> {
  /** The parameter that says which image is the system's latest. */
  readonly parent: string;
  readonly network: WorkerNetwork;
  /** What puts onto a machine what it has beside the daemon. */
  readonly installScript: string;
}

const INSTALL = '/usr/local/sbin/swe-install';

/**
 * Every week, for packages are newer then. Image Builder could also wait for news of what the recipe names by version
 * filters, which this one does not; of a base image that a parameter names, nothing is documented:
 * https://docs.aws.amazon.com/imagebuilder/latest/APIReference/API_Schedule.html. All six fields are required:
 * https://docs.aws.amazon.com/imagebuilder/latest/userguide/cron-expressions.html
 */
const SCHEDULE = {
  scheduleExpression: 'cron(0 3 ? * sun *)',
  pipelineExecutionStartCondition: 'EXPRESSION_MATCH_ONLY',
};

const NO_TEST = { imageTestsEnabled: false };

/** A tag of images and what builds them; not the environment's, by which the manager tells its machines. */
const TAG = 'swe:image';

/**
 * Makes the image that machines start from, by the script that installs at a first start too: until there is one, and
 * where it is older than the script, they do that by themselves. Its id goes into a parameter, which the manager reads.
 * The one before is deleted, snapshot and all: https://docs.aws.amazon.com/imagebuilder/latest/userguide/
 */
export class WorkerImage extends Construct {
  constructor(scope: Construct, id: string, options: WorkerImageOptions) {
    super(scope, id);
    const { environment, architecture } = options;
    const name = nameOf(environment, 'worker');
    const tags = { [TAG]: environment };
    const recipe = this.#recipe(name, options);
    const infrastructure = this.#infrastructure(name, options);
    const distribution = new CfnDistributionConfiguration(this, 'Distribution', {
      name,
      distributions: [
        {
          region: Aws.REGION,
          amiDistributionConfiguration: { Name: `${name} {{ imagebuilder:buildDate }}`, AmiTags: tags },
          ssmParameterConfigurations: [
            { parameterName: imageParameterName(environment, architecture), dataType: 'aws:ec2:image' },
          ],
        },
      ],
    });
    // Below this name it is Image Builder's to write, and the stack's to take away.
    const { logGroupName } = new LogGroup(this, 'Log', {
      logGroupName: `/aws/imagebuilder/${name}`,
      retention: RetentionDays.ONE_MONTH,
      removalPolicy: RemovalPolicy.DESTROY,
    });
    new CfnImagePipeline(this, 'Pipeline', {
      name,
      imageRecipeArn: recipe.attrArn,
      infrastructureConfigurationArn: infrastructure.attrArn,
      distributionConfigurationArn: distribution.attrArn,
      schedule: SCHEDULE,
      imageTestsConfiguration: NO_TEST,
      imageTags: tags,
      loggingConfiguration: { imageLogGroupName: logGroupName, pipelineLogGroupName: logGroupName },
    });
    this.#keepOne(name, tags);
  }

  /** Recipes and components can't be changed, so that another script is another one of each. */
  #recipe(name: string, { parent, installScript }: WorkerImageOptions): CfnImageRecipe {
    const data = componentOf(installScript);
    const hash = createHash('sha256').update(`${parent}\n${data}`).digest('hex').slice(0, 12);
    const component = new CfnComponent(this, 'Component', {
      name: `${name}-${hash}`,
      version: '1.0.0',
      platform: 'Linux',
      data,
    });
    return new CfnImageRecipe(this, 'Recipe', {
      name: `${name}-${hash}`,
      version: '1.0.0',
      parentImage: `ssm:${parent}`,
      components: [{ componentArn: component.attrArn }],
      // It is there to build, and opens a door to whoever may use it.
      additionalInstanceConfiguration: { systemsManagerAgent: { uninstallAfterBuild: true } },
    });
  }

  #infrastructure(name: string, options: WorkerImageOptions): CfnInfrastructureConfiguration {
    const { network, instanceTypes, environment } = options;
    const role = new Role(this, 'Role', {
      roleName: nameOf(environment, 'image'),
      assumedBy: new ServicePrincipal('ec2.amazonaws.com'),
    });
    attach(role, ['EC2InstanceProfileForImageBuilder', 'AmazonSSMManagedInstanceCore']);
    const profile = new InstanceProfile(this, 'Profile', { role });
    return new CfnInfrastructureConfiguration(this, 'Infrastructure', {
      name,
      instanceProfileName: profile.instanceProfileName,
      instanceTypes: [...instanceTypes],
      subnetId: Fn.select(0, [...network.subnetIds]),
      securityGroupIds: [network.securityGroup.securityGroupId],
      instanceMetadataOptions: { httpTokens: 'required', httpPutResponseHopLimit: 1 },
      terminateInstanceOnFailure: true,
      resourceTags: { [TAG]: environment },
    });
  }

  #keepOne(name: string, tagMap: Readonly<Record<string, string>>): void {
    const role = new Role(this, 'LifecycleRole', {
      roleName: `${name}-images`,
      assumedBy: new ServicePrincipal('imagebuilder.amazonaws.com'),
    });
    attach(role, ['service-role/EC2ImageBuilderLifecycleExecutionPolicy']);
    new CfnLifecyclePolicy(this, 'Lifecycle', {
      name,
      executionRole: role.roleArn,
      resourceType: 'AMI_IMAGE',
      status: 'ENABLED',
      resourceSelection: { tagMap },
      policyDetails: [
        {
          action: { type: 'DELETE', includeResources: { amis: true, snapshots: true } },
          filter: { type: 'COUNT', value: 1 },
        },
      ],
    });
  }
}

/** https://docs.aws.amazon.com/imagebuilder/latest/userguide/toe-use-documents.html */
function componentOf(installScript: string): string {
  const bash = (name: string, commands: readonly string[]) => ({
    name,
    action: 'ExecuteBash',
    inputs: { commands },
  });
  const write = file(INSTALL, installScript.trimEnd()).join('\n');
  const install = bash('install', [write, `chmod 0700 ${INSTALL}`, `${INSTALL} packages tools users`]);
  const look = bash('look', ['node --version', 'npm --version', 'uv --version', 'id swe-shell']);
  const phases = [
    { name: 'build', steps: [install] },
    { name: 'validate', steps: [look] },
  ];
  return JSON.stringify({ name: 'install', schemaVersion: 1, phases });
}

/** Image Builder documents what its roles need as policies of AWS's, which follow what it does. */
function attach(role: Role, policies: readonly string[]): void {
  for (const policy of policies) {
    role.addManagedPolicy(ManagedPolicy.fromAwsManagedPolicyName(policy));
    acknowledge(
      role,
      `IAM4[Policy::arn:<AWS::Partition>:iam::aws:policy/${policy}]`,
      'What Image Builder needs is documented as this policy, and nothing of the environment is in it.',
    );
  }
}
