import { createHash } from 'node:crypto';
import {
  DeleteObjectCommand,
  DeleteObjectsCommand,
  GetObjectCommand,
  ListObjectsV2Command,
  PutObjectCommand,
} from '@aws-sdk/client-s3';
import type { S3Client } from '@aws-sdk/client-s3';
import { checkBlobKey, Fault, isFault } from '@swe/domain';
import type { BlobStore, Page, PageRequest } from '@swe/domain';
import { regionOf } from '../region-of';
import { toFault } from './to-fault';

export interface S3BlobStoreOptions {
  /** Emulators want one made with `forcePathStyle`. */
  readonly client: S3Client;
  readonly bucketName: string;
}

/** The metadata that says what an object's bytes must be: ours, so that it does not change when the bytes do. */
const SHA256 = 'sha256';

/** What one request lists, and deletes: https://docs.aws.amazon.com/AmazonS3/latest/API/API_DeleteObjects.html */
const BATCH = 1_000;

/**
 * Blobs as objects `sessions/<session>/<key>` of a bucket. S3 checks what it is sent against the hash, and what it gives
 * is checked against the hash that was stored with it. Where the bucket keeps versions, deleted blobs stay as such.
 */
export class S3BlobStore implements BlobStore {
  readonly #client: S3Client;
  readonly #bucket: string;

  constructor({ client, bucketName }: S3BlobStoreOptions) {
    this.#client = client;
    this.#bucket = bucketName;
  }

  async put(sessionId: string, key: string, bytes: Uint8Array): Promise<string> {
    const sha256 = createHash('sha256').update(bytes).digest();
    const command = new PutObjectCommand({
      ...this.#object(sessionId, key),
      Body: bytes,
      ChecksumSHA256: sha256.toString('base64'),
      Metadata: { [SHA256]: sha256.toString('hex') },
    });
    await this.#call(() => this.#client.send(command));
    return sha256.toString('hex');
  }

  async get(sessionId: string, key: string): Promise<Uint8Array> {
    const object = this.#object(sessionId, key);
    const { bytes, sha256 } = await this.#read(object, `session ${sessionId} has no blob ${key}`);
    if (createHash('sha256').update(bytes).digest('hex') !== sha256) {
      throw new Fault('invalid', `blob ${key} of session ${sessionId} is damaged: bucket ${this.#bucket}`);
    }
    return bytes;
  }

  async list(sessionId: string, { limit, after }: PageRequest): Promise<Page<string>> {
    const prefix = prefixOf(sessionId);
    const start = after === undefined ? {} : { StartAfter: `${prefix}${after}` };
    const { keys, isLast } = await this.#list(prefix, { MaxKeys: Math.min(limit, BATCH), ...start });
    const items = keys.map((key) => key.slice(prefix.length));
    const last = items.at(-1);
    return last === undefined || isLast ? { items } : { items, next: last };
  }

  async delete(sessionId: string, key: string): Promise<void> {
    const command = new DeleteObjectCommand(this.#object(sessionId, key));
    await this.#call(() => this.#client.send(command));
  }

  async deleteSession(sessionId: string): Promise<void> {
    // Lists and deletions are strongly consistent, so each list begins with what is left.
    for (;;) {
      const { keys } = await this.#list(prefixOf(sessionId), { MaxKeys: BATCH });
      if (keys.length === 0) return;
      await this.#delete(sessionId, keys);
    }
  }

  async #delete(sessionId: string, keys: readonly string[]): Promise<void> {
    const command = new DeleteObjectsCommand({
      Bucket: this.#bucket,
      Delete: { Objects: keys.map((Key) => ({ Key })), Quiet: true },
    });
    const { Errors = [] } = await this.#call(() => this.#client.send(command));
    const [first] = Errors;
    if (first === undefined) return;
    // The request succeeds although objects stay: each has an error of its own.
    const problem = `${Errors.length} blobs of session ${sessionId} stay, such as ${first.Key}`;
    const error = Object.assign(new Error(`${problem}: ${first.Message}`), { name: first.Code ?? 'Unknown' });
    throw await this.#faultOf(error);
  }

  async #read(object: { readonly Bucket: string; readonly Key: string }, missing: string) {
    try {
      return await this.#call(async () => {
        const { Body, Metadata } = await this.#client.send(new GetObjectCommand(object));
        return {
          bytes: new Uint8Array((await Body?.transformToByteArray()) ?? []),
          sha256: Metadata?.[SHA256],
        };
      });
    } catch (error) {
      throw isFault(error, 'missing') ? new Fault('missing', missing, { cause: error.cause }) : error;
    }
  }

  async #list(prefix: string, part: { readonly MaxKeys: number; readonly StartAfter?: string }) {
    const command = new ListObjectsV2Command({ Bucket: this.#bucket, Prefix: prefix, ...part });
    const { Contents = [], IsTruncated } = await this.#call(() => this.#client.send(command));
    const keys = Contents.flatMap(({ Key }) => (Key === undefined ? [] : [Key]));
    return { keys, isLast: IsTruncated !== true };
  }

  async #call<T>(send: () => Promise<T>): Promise<T> {
    try {
      return await send();
    } catch (error) {
      throw await this.#faultOf(error);
    }
  }

  async #faultOf(error: unknown): Promise<unknown> {
    return toFault(error, { bucketName: this.#bucket, region: await regionOf(this.#client) });
  }

  #object(sessionId: string, key: string) {
    checkBlobKey(key);
    return { Bucket: this.#bucket, Key: `${prefixOf(sessionId)}${key}` };
  }
}

function prefixOf(sessionId: string): string {
  checkBlobKey(sessionId);
  return `sessions/${sessionId}/`;
}
