import { Fault } from '@swe/domain';
import type { Socket } from 'node:net';
import { messageFrame, PIECE_BYTES, pieceHead, readFrames } from './frames';
import type { Frame } from './frames';
import { fromFailure, message as messageSchema, toFailure } from './messages';
import type { Message } from './messages';

/** A call of the other end's. */
export interface Call {
  readonly method: string;
  readonly input: unknown;
  readonly body: Buffer;
  /** Aborts with the caller's, and when the connection ends. */
  readonly signal: AbortSignal;
}

export interface Answer {
  readonly output: unknown;
  readonly body: Uint8Array;
}

export interface ConnectionOptions {
  /** Whether this end connected; tells whose number a call has. */
  readonly isConnecting: boolean;
  readonly serve: (call: Call) => Promise<Answer>;
  /** Of the bytes with one call of the other end's. */
  readonly maxCallBytes: number;
  /** The other end has one call at a time, and can't have this one hold more; another ends the connection. */
  readonly servesOne: boolean;
  /** How long who called waits once it has aborted, in milliseconds. */
  readonly abortLimitMs?: number;
}

export interface CallOptions {
  readonly body?: Uint8Array;
  readonly signal?: AbortSignal;
  /** Of the bytes with the answer. */
  readonly maxBytes?: number;
}

interface Pending {
  readonly maxBytes: number;
  resolve(answer: Answer): void;
  reject(error: unknown): void;
}

/** Bytes that belong to a message, as far as they are here. */
interface Filling {
  readonly body: Buffer;
  filled: number;
  readonly whenFull: (body: Buffer) => Promise<void> | void;
}

/** The other end may be frozen. */
const ABORT_LIMIT_MS = 10_000;
const NOTHING = Buffer.alloc(0);

/**
 * Calls in both directions over one socket. What goes out waits until the other end takes it, piece by piece, so that
 * neither end holds more than what is being called with and answered; what comes in is checked before it is believed.
 * Calls fail as `transient` when the connection ends first.
 */
export class Connection {
  /** No call goes out any more, and the signals of those that are served have aborted. */
  readonly ended: Promise<void>;
  readonly #socket: Socket;
  readonly #options: ConnectionOptions;
  readonly #pending = new Map<number, Pending>();
  readonly #filling = new Map<number, Filling>();
  readonly #serving = new Map<number, AbortController>();
  readonly #served = new Set<Promise<void>>();
  #nextId: number;
  #room: PromiseWithResolvers<void> | undefined;
  #isEnded = false;

  constructor(socket: Socket, options: ConnectionOptions) {
    this.#socket = socket;
    this.#options = options;
    this.#nextId = options.isConnecting ? 0 : 1;
    // Reading tells.
    socket.on('error', () => undefined);
    socket.on('drain', () => this.#goOn());
    this.ended = this.#read();
  }

  /** Exactly one answer, also when `signal` aborts: what an abort comes to is the other end's to say. */
  async call(method: string, input: unknown, options: CallOptions = {}): Promise<Answer> {
    const { body = NOTHING, signal, maxBytes = 0 } = options;
    if (this.#isEnded) throw lost();
    const id = this.#nextId;
    this.#nextId += 2;
    const answered = Promise.withResolvers<Answer>();
    this.#pending.set(id, { maxBytes, ...answered });
    let patience: NodeJS.Timeout | undefined;
    const losePatience = (): void => {
      const { abortLimitMs = ABORT_LIMIT_MS } = this.#options;
      patience = setTimeout(() => this.#end(new Error('an abort was not answered')), abortLimitMs).unref();
    };
    const abort = (): void => {
      void this.#send({ type: 'abort', id });
      losePatience();
    };
    signal?.addEventListener('abort', abort, { once: true });
    const isAborted = signal?.aborted ?? false;
    if (isAborted) losePatience();
    try {
      this.#send({ type: 'call', id, method, input, bytes: body.length, isAborted }, body).catch(
        answered.reject,
      );
      return await answered.promise;
    } finally {
      signal?.removeEventListener('abort', abort);
      clearTimeout(patience);
      this.#pending.delete(id);
    }
  }

  /** Ends the connection, and waits for what was being served. */
  async end(): Promise<void> {
    this.#end();
    await this.ended;
    await Promise.all(this.#served);
  }

  async #read(): Promise<void> {
    try {
      for await (const frame of readFrames(this.#socket)) {
        // What had arrived by then is not begun any more.
        if (this.#isEnded) return;
        await this.#take(frame);
      }
      this.#end();
    } catch (error) {
      this.#end(error);
    }
  }

  #end(reason?: unknown): void {
    if (this.#isEnded) return;
    this.#isEnded = true;
    this.#socket.destroy();
    this.#goOn();
    for (const { reject } of this.#pending.values()) reject(lost(reason));
    for (const abort of this.#serving.values()) abort.abort();
  }

  async #take(frame: Frame): Promise<void> {
    if (frame.kind === 'piece') return this.#fill(frame.id, frame.bytes);
    const message = messageSchema.parse(JSON.parse(frame.json));
    switch (message.type) {
      case 'call':
        return this.#accept(message);
      case 'abort':
        // It may have been answered meanwhile.
        return this.#serving.get(message.id)?.abort();
      case 'answer': {
        const { maxBytes, resolve } = this.#pendingOf(message.id);
        return this.#expect(message, maxBytes, (body) => resolve({ output: message.output, body }));
      }
      case 'failure':
        return this.#pendingOf(message.id).reject(fromFailure(message.failure));
    }
  }

  #pendingOf(id: number): Pending {
    const pending = this.#pending.get(id);
    if (pending === undefined || this.#filling.has(id)) throw new Fault('invalid', `nobody asked: ${id}`);
    return pending;
  }

  #expect(
    { id, bytes }: { readonly id: number; readonly bytes: number },
    maxBytes: number,
    whenFull: Filling['whenFull'],
  ): Promise<void> | void {
    if (bytes > maxBytes) throw new Fault('invalid', `${bytes} bytes where at most ${maxBytes} may be`);
    if (bytes === 0) return whenFull(NOTHING);
    this.#filling.set(id, { body: Buffer.allocUnsafe(bytes), filled: 0, whenFull });
  }

  #fill(id: number, bytes: Buffer): Promise<void> | void {
    const filling = this.#filling.get(id);
    if (filling === undefined || filling.filled + bytes.length > filling.body.length) {
      throw new Fault('invalid', `bytes that nobody announced: ${id}`);
    }
    bytes.copy(filling.body, filling.filled);
    filling.filled += bytes.length;
    if (filling.filled < filling.body.length) return;
    this.#filling.delete(id);
    return filling.whenFull(filling.body);
  }

  #accept(call: Extract<Message, { type: 'call' }>): Promise<void> | void {
    const isOurs = (call.id % 2 === 0) === this.#options.isConnecting;
    if (this.#options.servesOne && this.#serving.size > 0) throw new Fault('invalid', 'one call at a time');
    if (isOurs || this.#serving.has(call.id)) throw new Fault('invalid', `no number for a call: ${call.id}`);
    const abort = new AbortController();
    if (call.isAborted) abort.abort();
    this.#serving.set(call.id, abort);
    return this.#expect(call, this.#options.maxCallBytes, (body) => {
      const served = this.#serve(call, body, abort.signal);
      this.#served.add(served);
      void served.finally(() => this.#served.delete(served));
      // Nothing is read meanwhile.
      if (this.#options.servesOne) return served;
    });
  }

  async #serve(call: Extract<Message, { type: 'call' }>, body: Buffer, signal: AbortSignal): Promise<void> {
    const { id, method, input } = call;
    try {
      const answer = await this.#options.serve({ method, input, body, signal });
      await this.#send({ type: 'answer', id, output: answer.output, bytes: answer.body.length }, answer.body);
    } catch (error) {
      await this.#send({ type: 'failure', id, failure: toFailure(error) });
    } finally {
      this.#serving.delete(id);
    }
  }

  /** Done once it is on its way, or there is no way any more. */
  async #send(message: Message, body: Uint8Array = NOTHING): Promise<void> {
    await this.#write(messageFrame(JSON.stringify(message)));
    for (let at = 0; at < body.length; at += PIECE_BYTES) {
      const piece = body.subarray(at, at + PIECE_BYTES);
      await this.#write(pieceHead(message.id, piece.length), piece);
    }
  }

  async #write(...parts: readonly Uint8Array[]): Promise<void> {
    if (this.#isEnded) return;
    const isRoom = parts.map((part) => this.#socket.write(part)).at(-1);
    if (isRoom === true) return;
    this.#room ??= Promise.withResolvers();
    await this.#room.promise;
  }

  #goOn(): void {
    this.#room?.resolve();
    this.#room = undefined;
  }
}

function lost(cause?: unknown): Fault {
  return new Fault('transient', 'the connection to the shell ended', cause === undefined ? {} : { cause });
}
