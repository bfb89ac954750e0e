import { Stack } from 'aws-cdk-lib';
import { AccountRootPrincipal, Effect, PolicyStatement, Role } from 'aws-cdk-lib/aws-iam';
import type { Construct } from 'constructs';
import type { EventsApi } from '../core/events-api';
import { nameOf } from '../names';
import { grant } from '../permission';
import type { Permission } from '../permission';
import { askModels, hearHints, readSecrets } from '../permissions';
import { useSessionBlobs, useSessionTable, writeSessionLog } from './session-permissions';

/** Fixed by the adapter: `libs/adapters/aws/src/sts/session-credentials.ts` */
const TAG = 'swe:session';

/** What a session's id looks like, as far as a policy can say. */
const SESSION_ID = `s${'?'.repeat(20)}`;

export interface SessionRoleOptions {
  readonly environment: string;
  readonly events: EventsApi;
  readonly parameters: readonly string[];
  /** Of the machines, which alone may take it. */
  readonly workerRole: Role;
}

export function sessionRoleArn(scope: Construct, environment: string): string {
  return Stack.of(scope).formatArn({
    service: 'iam',
    region: '',
    resource: 'role',
    resourceName: nameOf(environment, 'agent-session'),
  });
}

/** To take the role, and to say as which session. */
export const becomeSession = (scope: Construct, environment: string): Permission => ({
  actions: ['sts:AssumeRole', 'sts:TagSession'],
  resources: [sessionRoleArn(scope, environment)],
});

/**
 * What a daemon may do: what its one session needs, which it names itself when it takes the role, as tag and as the role
 * session's name. So a mistake in one session can't reach another; who has captured a machine can name any session.
 * https://docs.aws.amazon.com/IAM/latest/UserGuide/id_session-tags.html
 */
export function sessionRole(scope: Construct, options: SessionRoleOptions): Role {
  const { environment, events, parameters, workerRole } = options;
  const account = new AccountRootPrincipal();
  // Not as the principal: IAM refuses one that was made a moment ago.
  const isWorker = { ArnEquals: { 'aws:PrincipalArn': workerRole.roleArn } };
  const isSession = { ...isWorker, StringLike: { [`aws:RequestTag/${TAG}`]: SESSION_ID } };
  const role = new Role(scope, 'SessionRole', {
    roleName: nameOf(environment, 'agent-session'),
    // AppSync's handler sees the name and not the tag, so they have to be the same.
    assumedBy: account.withConditions({
      ...isSession,
      StringEquals: { 'sts:RoleSessionName': `\${aws:RequestTag/${TAG}}` },
    }),
  });
  role.assumeRolePolicy?.addStatements(
    new PolicyStatement({
      effect: Effect.ALLOW,
      principals: [account],
      actions: ['sts:TagSession'],
      conditions: { ...isSession, 'ForAllValues:StringEquals': { 'aws:TagKeys': [TAG] } },
    }),
  );
  grant(role, [
    ...useSessionTable(scope, environment),
    ...useSessionBlobs(scope, environment),
    ...hearHints(events),
    readSecrets(scope, parameters),
    askModels(scope),
    writeSessionLog(scope, environment),
  ]);
  return role;
}
