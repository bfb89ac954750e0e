import { Fault } from '@swe/domain';
import type { Clock } from '@swe/domain';
import { authorizedFetch } from '../authorized-fetch';
import type { GithubServer } from '../github-server';
import { patientFetch } from '../patient-fetch';
import { redirectingFetch } from '../redirecting-fetch';

export interface DownloadOptions {
  readonly server: GithubServer;
  readonly clock: Clock;
  readonly fetch: typeof fetch;
  readonly maxBytes: number;
  token(): Promise<string | undefined>;
}

const REF = /^github:(https?:\/\/\S+)$/;
/** Where people's files were before July 2023, open to everybody. */
const OLD_HOST = 'https://user-images.githubusercontent.com';
/** `/user-attachments/assets/<uuid>`, `/user-attachments/files/<id>/<name>`, `/<owner>/<name>/assets/...`, `/<owner>/<name>/files/...` */
const PATH = /^\/(?:user-attachments|[\w.-]+\/[\w.-]+)\/(?:assets|files)\/[^?#]+$/;

/**
 * A file that somebody put into an issue or a comment: `github:<address>`, as `findAttachedFiles` names it. The token goes
 * to the server's own host alone, and not along with a redirect. Files of private repositories want a classic token of a
 * person's: GitHub answers an App, and a fine-grained token, as if there were none
 * (https://github.com/orgs/community/discussions/162417).
 */
export async function downloadFile(ref: string, options: DownloadOptions): Promise<Uint8Array> {
  const { server, clock, fetch, maxBytes, token } = options;
  const url = addressOf(server, ref);
  const authorized = authorizedFetch(fetch, server.webUrl, () => token());
  const response = await patientFetch(redirectingFetch(authorized), clock)(url.href);
  if (response.status === 404 || response.status === 410) {
    throw new Fault('missing', 'the file is gone, or GitHub gives it to signed-in people alone');
  }
  if (response.status >= 500) {
    throw new Fault('transient', `GitHub gives no file: status ${response.status}`);
  }
  if (!response.ok) throw new Fault('denied', `GitHub refuses the file: status ${response.status}`);
  return bounded(response, maxBytes);
}

function addressOf({ host, webUrl }: GithubServer, ref: string): URL {
  const [, address = ''] = REF.exec(ref) ?? [];
  if (!URL.canParse(address)) throw new Fault('missing', `${ref} is no file on ${host}`);
  const url = new URL(address);
  const isOurs = (url.origin === webUrl && PATH.test(url.pathname)) || url.origin === OLD_HOST;
  if (isOurs) return url;
  throw new Fault('denied', `the file is on ${url.host}, not among people's files on ${host}`);
}

async function bounded(response: Response, maxBytes: number): Promise<Uint8Array> {
  const chunks: Uint8Array[] = [];
  let bytes = 0;
  for await (const chunk of response.body ?? []) {
    bytes += chunk.length;
    if (bytes > maxBytes) throw new Fault('invalid', `the file has more than ${maxBytes} bytes`);
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}
