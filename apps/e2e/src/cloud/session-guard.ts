import { execFileSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import {
  dynamoPermissions,
  isAllowed,
  openFrontingServer,
  openLoopbackSts,
  s3Permissions,
} from '@swe/testing/servers';
import type { AwsPermission, AwsRequest, IamStatement } from '@swe/testing/servers';
import type { CloudStores } from './cloud';

const ROOT = fileURLToPath(new URL('../../../../', import.meta.url));
/** As `infra/test/resolve.ts` has them. */
const TABLE = 'arn:aws:dynamodb:eu-west-1:111122223333:table/swe-main';
const BUCKET = 'arn:aws:s3:::swe-main-111122223333-eu-west-1';
const ROLE = 'arn:aws:iam::111122223333:role/swe-main-agent-session';

/** What somebody asked for, and as which session. */
export interface GuardedRequest {
  readonly permission: AwsPermission;
  readonly session: string | undefined;
}

export type SessionGuard = Awaited<ReturnType<typeof openSessionGuard>>;

/** What the deployed role of a session may do. */
export function readSessionPolicy(): readonly IamStatement[] {
  const env = { ...process.env, TSX_TSCONFIG_PATH: 'infra/tsconfig.json' };
  const program = ['--import', 'tsx', 'infra/test/print-session-policy.ts'];
  const printed = execFileSync(process.execPath, program, { cwd: ROOT, env, encoding: 'utf8' });
  return JSON.parse(printed) as readonly IamStatement[];
}

export function maySession(
  policy: readonly IamStatement[],
  session: string,
  { context, ...asked }: AwsPermission,
): boolean {
  return isAllowed(policy, { ...asked, context: { ...context, 'aws:PrincipalTag/swe:session': session } });
}

/**
 * What stands between agents and the stores, and gives them a role each: nothing passes that the policy does not allow
 * the session as which they took it, and nobody who took none.
 */
export async function openSessionGuard(policy: readonly IamStatement[], stores: CloudStores) {
  const sts = await openLoopbackSts({ accessKeyId: 'AKIDEXAMPLE', secretAccessKey: 'loopback' });
  const requests: GuardedRequest[] = [];
  const refused: GuardedRequest[] = [];

  function isRefused(request: AwsRequest, permissions: readonly AwsPermission[]): boolean {
    const session = sts.tagsOf(String(request.headers['x-amz-security-token']))?.['swe:session'];
    const asked = permissions.map((permission) => ({ permission, session }));
    const denied = asked.filter(
      ({ permission }) => session === undefined || !maySession(policy, session, permission),
    );
    requests.push(...asked);
    refused.push(...denied);
    return denied.length > 0;
  }

  const dynamodb = await openFrontingServer(stores.dynamodb, (request) => {
    if (!isRefused(request, dynamoPermissions(request, TABLE))) return undefined;
    const body = JSON.stringify({ __type: 'AccessDeniedException', Message: 'not allowed' });
    return { status: 400, contentType: 'application/x-amz-json-1.0', body };
  });
  const s3 = await openFrontingServer(stores.s3, (request) => {
    if (!isRefused(request, s3Permissions(request, BUCKET))) return undefined;
    const body = '<Error><Code>AccessDenied</Code><Message>not allowed</Message></Error>';
    return { status: 403, contentType: 'application/xml', body };
  });

  return {
    requests: requests as readonly GuardedRequest[],
    refused: refused as readonly GuardedRequest[],
    get taken() {
      return sts.taken;
    },
    /** Of an agent that is to go through here. */
    env: {
      AWS_ENDPOINT_URL_DYNAMODB: dynamodb.endpoint,
      AWS_ENDPOINT_URL_S3: s3.endpoint,
      AWS_ENDPOINT_URL_STS: sts.endpoint,
      SWE_SESSION_ROLE_ARN: ROLE,
    },
    close: () => Promise.all([dynamodb.close(), s3.close(), sts.close()]),
  };
}
