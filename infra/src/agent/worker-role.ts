import { Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import type { Construct } from 'constructs';
import { nameOf } from '../names';
import { grant } from '../permission';
import { readArchives } from '../permissions';
import { becomeSession } from './session-role';

export interface WorkerRoleOptions {
  readonly environment: string;
  readonly organisationArchive: string | undefined;
}

/** What a machine may do before it knows its session: fetch what it runs, and take the role of a session. */
export function workerRole(scope: Construct, { environment, organisationArchive }: WorkerRoleOptions): Role {
  const role = new Role(scope, 'Role', {
    roleName: nameOf(environment, 'agent'),
    assumedBy: new ServicePrincipal('ec2.amazonaws.com'),
  });
  grant(role, [readArchives(scope, environment, organisationArchive), becomeSession(scope, environment)]);
  return role;
}
