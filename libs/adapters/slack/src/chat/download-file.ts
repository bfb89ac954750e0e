import { Fault } from '@swe/domain';
import type { WebClient } from '@slack/web-api';
import { z } from 'zod';

export interface DownloadOptions {
  readonly fetch: typeof fetch;
  readonly fileHosts?: readonly string[];
  readonly maxBytes: number;
}

/** https://docs.slack.dev/reference/objects/file-object */
const info = z.object({
  file: z.object({
    name: z.string().nullish(),
    size: z.int().nonnegative().default(0),
    mimetype: z.string().default(''),
    is_external: z.boolean().default(false),
    url_private_download: z.string().optional(),
  }),
});

/** The bot's token goes nowhere else. */
const SLACK_HOST = /(^|\.)slack(-edge)?\.com$/;

/**
 * A file's bytes. Throws `invalid` for one that is too large or lies elsewhere, and `denied` where Slack shows its login
 * page instead, which is how it refuses a token that may not read files.
 */
export async function downloadFile(
  client: WebClient,
  ref: string,
  { fetch, fileHosts = [], maxBytes }: DownloadOptions,
): Promise<Uint8Array> {
  const id = /^slack:[A-Z0-9]+\/([A-Z0-9]+)$/.exec(ref)?.[1];
  if (id === undefined) throw new Fault('missing', `${ref} is no file of Slack's`);
  const { file } = info.parse(await client.files.info({ file: id }));
  if (file.is_external || file.url_private_download === undefined) {
    throw new Fault('invalid', 'the file is not kept by Slack, but elsewhere');
  }
  if (file.size > maxBytes) throw tooLarge(file.size, maxBytes);
  const url = new URL(file.url_private_download);
  if (!SLACK_HOST.test(url.hostname) && !fileHosts.includes(url.host)) {
    throw new Fault('denied', `the file is on ${url.host}, which is none of Slack's hosts`);
  }
  const response = await fetch(url, {
    headers: { authorization: `Bearer ${client.token ?? ''}` },
    // A redirect would take the token along to wherever it leads.
    redirect: 'manual',
  });
  if (response.status === 404) throw new Fault('missing', 'the file is gone');
  if (response.status >= 500) throw new Fault('transient', `Slack gives no file: status ${response.status}`);
  const isPage =
    /^text\/html/.test(response.headers.get('content-type') ?? '') && file.mimetype !== 'text/html';
  if (!response.ok || isPage) {
    throw new Fault('denied', 'Slack does not let the app read the file: see its scope files:read');
  }
  return bounded(response, maxBytes);
}

async function bounded(response: Response, maxBytes: number): Promise<Uint8Array> {
  const chunks: Uint8Array[] = [];
  let bytes = 0;
  for await (const chunk of response.body ?? []) {
    bytes += chunk.length;
    if (bytes > maxBytes) throw tooLarge(bytes, maxBytes);
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}

const tooLarge = (bytes: number, maxBytes: number): Fault =>
  new Fault('invalid', `the file has ${bytes} bytes, more than ${maxBytes}`);
