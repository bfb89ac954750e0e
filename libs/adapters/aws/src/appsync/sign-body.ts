import { createHash, createHmac } from 'node:crypto';
import { SignatureV4 } from '@smithy/signature-v4';
import type { Clock } from '@swe/domain';

/** What requests are signed with. The SDK's credential providers fit. */
export interface Credentials {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  readonly sessionToken?: string;
}

export interface SigningOptions {
  /** `https://<id>.appsync-api.<region>.amazonaws.com` */
  readonly httpUrl: string;
  readonly region: string;
  /** Asked for each signature, so that it may rotate them. */
  readonly credentials: () => Promise<Credentials>;
  readonly clock: Pick<Clock, 'nowMs'>;
}

/** The headers that sign a body, those given among them. */
export type SignBody = (
  body: string,
  headers: Readonly<Record<string, string>>,
) => Promise<Record<string, string>>;

/**
 * Signs as AppSync Events wants it, also for what goes over a WebSocket: as a `POST` of the body to `/event` at the
 * HTTP host. https://docs.aws.amazon.com/appsync/latest/eventapi/create-wscat-clone.html
 */
export function createSigner({ httpUrl, region, credentials, clock }: SigningOptions): SignBody {
  const { host, hostname, protocol } = new URL(httpUrl);
  const service = 'appsync';
  const signer = new SignatureV4({ service, region, credentials, sha256: Sha256, applyChecksum: false });
  return async (body, headers) => {
    const request = {
      method: 'POST',
      protocol,
      hostname,
      path: '/event',
      headers: { ...headers, host },
      body,
    };
    const signed = await signer.sign(request, { signingDate: new Date(clock.nowMs()) });
    return signed.headers;
  };
}

/** SHA-256, with a secret HMAC-SHA-256, in the shape that the signer wants it. */
class Sha256 {
  readonly #secret: ConstructorParameters<typeof Sha256>[0];
  #bytes: Uint8Array[] = [];

  constructor(secret?: string | ArrayBuffer | ArrayBufferView) {
    this.#secret = secret;
  }

  update(bytes: Uint8Array): void {
    this.#bytes.push(bytes);
  }

  reset(): void {
    this.#bytes = [];
  }

  async digest(): Promise<Uint8Array> {
    const hash =
      this.#secret === undefined ? createHash('sha256') : createHmac('sha256', keyOf(this.#secret));
    return hash.update(Buffer.concat(this.#bytes)).digest();
  }
}

function keyOf(secret: string | ArrayBuffer | ArrayBufferView): Buffer {
  if (typeof secret === 'string') return Buffer.from(secret);
  if (secret instanceof ArrayBuffer) return Buffer.from(secret);
  return Buffer.from(secret.buffer, secret.byteOffset, secret.byteLength);
}
