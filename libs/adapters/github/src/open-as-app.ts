import { createPrivateKey } from 'node:crypto';
import { createAppAuth } from '@octokit/auth-app';
import { Fault } from '@swe/domain';
import type { Clock } from '@swe/domain';
import type { GithubServer } from './github-server';
import { openOctokit } from './open-octokit';
import type { GithubOctokit } from './open-octokit';
import { patientFetch } from './patient-fetch';
import { redirectingFetch } from './redirecting-fetch';

export interface AppKey {
  readonly server: GithubServer;
  /** The App's id, or its client id. */
  readonly appId: string;
  /** PEM, PKCS#1 as GitHub gives it or PKCS#8. Asked for at each opening, so that a rotation is seen. */
  privateKey(): Promise<string>;
  readonly clock: Clock;
  readonly fetch: typeof fetch;
}

/** GitHub's API as an App itself: what it is, and where it is installed. Throws `invalid` for a key that is none. */
export async function openAsApp({ server, appId, privateKey, clock, fetch }: AppKey): Promise<GithubOctokit> {
  const key = await privateKey();
  mustBeKey(key);
  return openOctokit({
    server,
    fetch: patientFetch(redirectingFetch(fetch), clock),
    auth: { authStrategy: createAppAuth, auth: { appId, privateKey: key } },
  });
}

/** What signing says of it is about encodings, and none of it names the key. */
function mustBeKey(key: string): void {
  try {
    // Where it comes by the environment, `\n` may stand for its line feeds.
    createPrivateKey(key.replaceAll('\\n', '\n'));
  } catch (cause) {
    const mend = 'take the .pem file that the settings of the App gave, from its BEGIN line to its END line';
    throw new Fault('invalid', `the App's private key can't be read: ${mend}`, { cause });
  }
}
