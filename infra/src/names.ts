import { Aws } from 'aws-cdk-lib';

/** The name of an environment's resource: `swe-main-agent`. */
export function nameOf(environment: string, what?: string): string {
  return ['swe', environment, what].filter((part) => part !== undefined).join('-');
}

/** Of an app's log. */
export function logGroupNameOf(environment: string, app: string): string {
  return `/swe/${nameOf(environment, app)}`;
}

/** Buckets share their names with the world: the account's number and the region make this one the only one. */
export function bucketName(environment: string): string {
  return [nameOf(environment), Aws.ACCOUNT_ID, Aws.REGION].join('-');
}

/** Where a stack leaves what another one reads at each of its own deployments. */
export function parameterName(environment: string, what: string): string {
  return `/remote-swe/${environment}/${what}`;
}

/** Where the id of the newest image of a machine is: Image Builder itself writes to no other place than below its name. */
export function imageParameterName(environment: string, architecture: string): string {
  return `/imagebuilder/${nameOf(environment)}/worker-${architecture}`;
}
