import type { OutputPreview } from '@swe/domain';
import { isUtf8 } from 'node:buffer';
import { lengthOfWholeCharacters, startOfWholeCharacters } from './characters';

/** Keeps the head and the tail of a stream, `limitBytes` of it together. */
export class Preview {
  readonly #headLimit: number;
  readonly #tailLimit: number;
  #head: Buffer = Buffer.alloc(0);
  #tail: Buffer = Buffer.alloc(0);
  #totalBytes = 0;

  constructor(limitBytes: number) {
    this.#headLimit = Math.ceil(limitBytes / 2);
    this.#tailLimit = limitBytes - this.#headLimit;
  }

  add(chunk: Buffer): void {
    this.#totalBytes += chunk.length;
    const missing = this.#headLimit - this.#head.length;
    if (missing > 0) this.#head = Buffer.concat([this.#head, chunk.subarray(0, missing)]);
    const rest = missing > 0 ? chunk.subarray(missing) : chunk;
    if (rest.length > 0) this.#tail = lastBytes(this.#tail, rest, this.#tailLimit);
  }

  /** What `read` gives is all there was, byte for byte. */
  get isExact(): boolean {
    return this.#isWhole && isUtf8(this.#whole);
  }

  read(): Pick<OutputPreview, 'head' | 'tail' | 'omittedBytes' | 'totalBytes'> {
    const totalBytes = this.#totalBytes;
    if (this.#isWhole) return { head: this.#whole.toString(), tail: '', omittedBytes: 0, totalBytes };
    const head = this.#head.subarray(0, lengthOfWholeCharacters(this.#head));
    const tail = this.#tail.subarray(startOfWholeCharacters(this.#tail));
    const omittedBytes = totalBytes - head.length - tail.length;
    return { head: head.toString(), tail: tail.toString(), omittedBytes, totalBytes };
  }

  get #isWhole(): boolean {
    return this.#head.length + this.#tail.length === this.#totalBytes;
  }

  get #whole(): Buffer {
    return Buffer.concat([this.#head, this.#tail]);
  }
}

/** Copied, so that a short tail does not hold on to a long chunk. */
function lastBytes(before: Buffer, chunk: Buffer, limit: number): Buffer {
  const kept = before.subarray(Math.max(0, before.length + chunk.length - limit));
  return Buffer.concat([kept, chunk.subarray(Math.max(0, chunk.length - limit))]);
}
