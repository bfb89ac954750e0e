import { Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import type { Construct } from 'constructs';
import type { EventsApi } from '../core/events-api';
import { nameOf } from '../names';
import { grant } from '../permission';
import {
  askModels,
  deleteBlobs,
  hearHints,
  readArchives,
  readSecrets,
  useBlobs,
  useTable,
} from '../permissions';

export interface WorkerRoleOptions {
  readonly environment: string;
  readonly events: EventsApi;
  readonly parameters: readonly string[];
  readonly organisationArchive: string | undefined;
}

/**
 * What a machine may do: everything that one session needs, for any session of its environment. A daemon that was
 * captured could reach the others' sessions.
 */
export function workerRole(scope: Construct, options: WorkerRoleOptions): Role {
  const { environment, events, parameters, organisationArchive } = options;
  const role = new Role(scope, 'Role', {
    roleName: nameOf(environment, 'agent'),
    assumedBy: new ServicePrincipal('ec2.amazonaws.com'),
  });
  grant(role, [
    ...useTable(scope, environment),
    ...useBlobs(scope, environment),
    deleteBlobs(scope, environment),
    readArchives(scope, environment, organisationArchive),
    ...hearHints(events),
    readSecrets(scope, parameters),
    askModels(scope),
  ]);
  return role;
}
