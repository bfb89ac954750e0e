import { Fault } from '@swe/domain';
import { z } from 'zod';

export interface InstanceMetadataOptions {
  readonly fetch: typeof fetch;
  /** `http://169.254.169.254`, or what `AWS_EC2_METADATA_SERVICE_ENDPOINT` says. */
  readonly endpoint: string;
  /** For one request. The service is on the same host: what takes longer will not come. */
  readonly timeoutMs?: number;
}

/** What EC2 is about to do with a spot instance. */
export interface SpotNotice {
  readonly action: string;
  /** ISO 8601, about two minutes ahead. */
  readonly time: string;
}

const TOKEN_SECONDS = 21_600;

/** https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/spot-instance-termination-notices.html */
const spotNotice = z.object({ action: z.string(), time: z.string() });

/**
 * An instance's metadata service, version 2: each request carries a session token
 * (https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/instance-metadata-v2-how-it-works.html).
 */
export class InstanceMetadata {
  readonly #options: InstanceMetadataOptions;
  #token: string | undefined;

  constructor(options: InstanceMetadataOptions) {
    this.#options = options;
  }

  /** Undefined while EC2 has nothing to say. Throws `transient` when the service can't be asked. */
  async spotNotice(): Promise<SpotNotice | undefined> {
    const response = await this.#get('/latest/meta-data/spot/instance-action');
    if (response.status === 404) return undefined;
    if (!response.ok) throw refused(response.status);
    const notice = spotNotice.safeParse(await response.json().catch(() => undefined));
    // An unreadable notice is one all the same.
    return notice.success ? notice.data : { action: 'unknown', time: '' };
  }

  /** Once more with a new token when the one at hand has expired. */
  async #get(path: string): Promise<Response> {
    const response = await this.#ask(path);
    if (response.status !== 401) return response;
    this.#token = undefined;
    return this.#ask(path);
  }

  async #ask(path: string): Promise<Response> {
    this.#token ??= await this.#newToken();
    return this.#send(path, { headers: { 'x-aws-ec2-metadata-token': this.#token } });
  }

  async #newToken(): Promise<string> {
    const headers = { 'x-aws-ec2-metadata-token-ttl-seconds': String(TOKEN_SECONDS) };
    const response = await this.#send('/latest/api/token', { method: 'PUT', headers });
    if (!response.ok) throw refused(response.status);
    try {
      return await response.text();
    } catch (cause) {
      throw unanswered(cause);
    }
  }

  async #send(path: string, init: RequestInit): Promise<Response> {
    const { fetch, endpoint, timeoutMs = 2_000 } = this.#options;
    try {
      return await fetch(new URL(path, endpoint), { ...init, signal: AbortSignal.timeout(timeoutMs) });
    } catch (cause) {
      throw unanswered(cause);
    }
  }
}

function unanswered(cause: unknown): Fault {
  return new Fault('transient', 'the metadata service does not answer', { cause });
}

function refused(status: number): Fault {
  return new Fault('transient', `the metadata service answers with status ${status}`);
}
