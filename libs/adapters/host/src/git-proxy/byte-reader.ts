import { Fault } from '@swe/domain';

/** Reads the beginning of a stream byte by byte, and then hands on what is left of it as it comes. */
export class ByteReader {
  readonly #source: AsyncIterator<Buffer>;
  readonly #maxBytes: number;
  #buffered = Buffer.alloc(0);
  #read: Buffer[] = [];
  #readBytes = 0;

  /** `maxBytes` is how much may be read before the rest is handed on. */
  constructor(source: AsyncIterable<Buffer>, maxBytes: number) {
    this.#source = source[Symbol.asyncIterator]();
    this.#maxBytes = maxBytes;
  }

  /** All that was read so far. */
  get taken(): Buffer {
    return Buffer.concat(this.#read);
  }

  /** Exactly `length` bytes. Throws `invalid` where the stream ends before, or too much was read. */
  async read(length: number): Promise<Buffer> {
    if (this.#readBytes + length > this.#maxBytes) throw new Fault('invalid', 'the request names too much');
    while (this.#buffered.length < length) {
      const { done, value } = await this.#source.next();
      if (done === true) throw new Fault('invalid', 'the request ends too soon');
      this.#buffered = Buffer.concat([this.#buffered, value]);
    }
    const bytes = this.#buffered.subarray(0, length);
    this.#buffered = this.#buffered.subarray(length);
    this.#read.push(bytes);
    this.#readBytes += length;
    return bytes;
  }

  /** What was not read, piece by piece, never ahead of who takes it. */
  async *rest(): AsyncGenerator<Buffer> {
    if (this.#buffered.length > 0) yield this.#buffered;
    this.#buffered = Buffer.alloc(0);
    for (let next = await this.#source.next(); next.done !== true; next = await this.#source.next()) {
      yield next.value;
    }
  }

  /** Takes what is left and throws it away. */
  async drain(): Promise<void> {
    for await (const piece of this.rest()) void piece;
  }
}
