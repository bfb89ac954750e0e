import { Aws, CfnOutput, CfnParameter, Stack } from 'aws-cdk-lib';
import type { StackProps } from 'aws-cdk-lib';
import { StringParameter } from 'aws-cdk-lib/aws-ssm';
import type { ConsoleSetting } from '@swe/config/console';
import type { Construct } from 'constructs';
import { nameOf, parameterName } from '../names';
import type { Settings } from '../settings';
import { userPool } from './user-pool';

export interface ConsoleStackProps extends StackProps {
  readonly settings: Settings;
  /** Where the ingress is, which serves the page. */
  readonly url: string;
}

/** Who may use the page, and which files it is made of. The ingress serves it as soon as the parameter is there. */
export class ConsoleStack extends Stack {
  constructor(scope: Construct, id: string, props: ConsoleStackProps) {
    super(scope, id, props);
    const { settings, url } = props;
    const { environment } = settings;
    // Not part of the template: a page that changed is put into the bucket before the stack is deployed.
    const files = new CfnParameter(this, 'ConsoleFiles', {
      description: "Where in the bucket the page's files are: below the hash of them all",
      allowedPattern: '^console/[0-9a-f]{64}/$',
    });
    const { pool, clientId, domain } = userPool(this, {
      name: nameOf(environment, 'console'),
      domainPrefix: `${nameOf(environment)}-${Aws.ACCOUNT_ID}`,
      url,
    });
    const setting: ConsoleSetting = {
      files: files.valueAsString,
      issuer: pool.userPoolProviderUrl,
      clientId,
      domain,
    };
    new StringParameter(this, 'Setting', {
      parameterName: parameterName(environment, 'console'),
      stringValue: this.toJsonString(setting),
    });
    // For whoever invites people.
    new CfnOutput(this, 'UserPoolId', { value: pool.userPoolId });
  }
}
