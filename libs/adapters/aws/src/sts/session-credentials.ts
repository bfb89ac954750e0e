import { AssumeRoleCommand } from '@aws-sdk/client-sts';
import type { STSClient } from '@aws-sdk/client-sts';
import { Fault } from '@swe/domain';
import type { Clock } from '@swe/domain';
import { toAwsFault } from '../aws-fault';

export interface SessionCredentialsOptions {
  /** With the credentials of whoever may take the role. */
  readonly client: STSClient;
  /** A role whose policy goes by the tag `swe:session`. */
  readonly roleArn: string;
  readonly sessionId: string;
  readonly clock: Pick<Clock, 'nowMs'>;
}

/** In the shape that the SDK's clients take, which ask for new ones five minutes before `expiration`. */
export interface SessionCredentials {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  readonly sessionToken: string;
  readonly expiration: Date;
}

/** The tag that the role's policy goes by. */
const TAG = 'swe:session';

/** The longest that a role taken by a role lasts: https://docs.aws.amazon.com/IAM/latest/UserGuide/id_roles.html */
const DURATION_SECONDS = 3_600;

/** Earlier than the SDK's clients ask, so that they are never given again what they want to renew. */
const RENEW_MS = 10 * 60_000;

/**
 * Credentials of a role that is narrowed to one session: by the tag, and by the role session's name, which is all that
 * AppSync shows its handlers. Whoever asks at the same time shares one request; a failure is not kept, and while what
 * there is still holds it is given on.
 */
export function sessionCredentials(options: SessionCredentialsOptions): () => Promise<SessionCredentials> {
  const { clock } = options;
  let kept: SessionCredentials | undefined;
  let asking: Promise<SessionCredentials> | undefined;
  const leftMs = (): number => (kept?.expiration.getTime() ?? 0) - clock.nowMs();

  async function renew(): Promise<SessionCredentials> {
    try {
      kept = await assume(options);
      return kept;
    } catch (error) {
      if (kept !== undefined && leftMs() > 0) return kept;
      throw toAwsFault(error, {});
    } finally {
      asking = undefined;
    }
  }

  return async () => {
    if (kept !== undefined && leftMs() > RENEW_MS) return kept;
    asking ??= renew();
    return asking;
  };
}

async function assume({
  client,
  roleArn,
  sessionId,
}: SessionCredentialsOptions): Promise<SessionCredentials> {
  const command = new AssumeRoleCommand({
    RoleArn: roleArn,
    RoleSessionName: sessionId,
    DurationSeconds: DURATION_SECONDS,
    Tags: [{ Key: TAG, Value: sessionId }],
  });
  const { Credentials } = await client.send(command);
  const { AccessKeyId, SecretAccessKey, SessionToken, Expiration } = Credentials ?? {};
  if (!AccessKeyId || !SecretAccessKey || !SessionToken || Expiration === undefined) {
    throw new Fault('transient', `STS gave no credentials of ${roleArn}`);
  }
  return {
    accessKeyId: AccessKeyId,
    secretAccessKey: SecretAccessKey,
    sessionToken: SessionToken,
    expiration: Expiration,
  };
}
