import { Fault } from '@swe/domain';
import { once } from 'node:events';
import { connect } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { Connection } from './connection';
import type { Answer, Call, CallOptions } from './connection';
import { EXAMINE, METHODS } from './methods';
import type { InputOf, MethodName, OutputOf } from './methods';
import type { ShellSnapshotsOptions } from './shell';

/** More than processes may take to end. */
const CLOSE_LIMIT_MS = 5_000;

export interface Reply<Name extends MethodName> {
  readonly output: OutputOf<Name>;
  readonly body: Uint8Array;
}

/**
 * The way to a shell host. Where the connection has ended, the next call makes a new one, and opens anew what was open;
 * what ran in the old one has ended with it.
 */
export class ShellLink {
  readonly #socketPath: string;
  readonly #opened: (readonly [MethodName, unknown])[] = [];
  readonly #examiners = new Map<number, ShellSnapshotsOptions['holdsCredential']>();
  #connection: Promise<Connection> | undefined;
  #isClosed = false;

  constructor(socketPath: string) {
    this.#socketPath = socketPath;
  }

  async call<Name extends MethodName>(
    name: Name,
    input: InputOf<Name>,
    options: Omit<CallOptions, 'maxBytes'> = {},
  ): Promise<Reply<Name>> {
    const connection = await this.#connected();
    return callOver(connection, name, input, options);
  }

  /** A call that is made again on every connection that follows. */
  async open<Name extends MethodName>(name: Name, input: InputOf<Name>): Promise<OutputOf<Name>> {
    const { output } = await this.call(name, input);
    this.#opened.push([name, input]);
    return output;
  }

  /** Has the questions about the files of these snapshots answered by `holdsCredential`. */
  examine(handle: number, holdsCredential: ShellSnapshotsOptions['holdsCredential']): void {
    this.#examiners.set(handle, holdsCredential);
  }

  /** Ends everything that runs in the shell, and waits for that as long as it may take. */
  async close(): Promise<void> {
    if (this.#isClosed) return;
    this.#isClosed = true;
    const connection = await this.#connection?.catch(() => undefined);
    if (connection === undefined) return;
    // Where the host has gone, so has what it ran.
    const closed = connection.call('shell.close', {}).catch(() => undefined);
    await Promise.race([closed, sleep(CLOSE_LIMIT_MS, undefined, { ref: false })]);
    await connection.end();
  }

  /** Ends the connection, and waits for nothing. */
  async leave(): Promise<void> {
    this.#isClosed = true;
    const connection = await this.#connection?.catch(() => undefined);
    await connection?.end();
  }

  #connected(): Promise<Connection> {
    if (this.#isClosed) throw new Fault('cancelled', 'the shell is closed');
    if (this.#connection !== undefined) return this.#connection;
    const connecting = this.#connect();
    this.#connection = connecting;
    const forget = (): void => {
      if (this.#connection === connecting) this.#connection = undefined;
    };
    connecting.then((connection) => connection.ended.then(forget), forget);
    return connecting;
  }

  async #connect(): Promise<Connection> {
    const socket = connect(this.#socketPath);
    await once(socket, 'connect').catch((cause: unknown) => {
      throw new Fault('transient', `the shell host does not answer at ${this.#socketPath}`, { cause });
    });
    const { maxCallBytes } = EXAMINE;
    const serve = (call: Call): Promise<Answer> => this.#examine(call);
    const connection = new Connection(socket, {
      isConnecting: true,
      serve,
      maxCallBytes,
      servesOne: true,
    });
    try {
      for (const [name, input] of this.#opened)
        await callOver(connection, name, input as InputOf<MethodName>);
      return connection;
    } catch (error) {
      await connection.end();
      throw error;
    }
  }

  async #examine({ method, input, body }: Call): Promise<Answer> {
    const { handle, path } = EXAMINE.input.parse(input);
    const holdsCredential = this.#examiners.get(handle);
    if (method !== EXAMINE.name || holdsCredential === undefined)
      throw new Fault('invalid', 'nothing to ask');
    return { output: await holdsCredential(path, body), body: new Uint8Array() };
  }
}

/** Throws `invalid` where there is more in an answer than was asked for: it would be kept, and sent to models. */
export function mustFit(name: MethodName, length: number, most: number): void {
  if (length > most)
    throw new Fault('invalid', `the shell host's answer to ${name} is more than was asked for`);
}

/** The host is as trustworthy as the commands that run as its user: its answers are checked. */
async function callOver<Name extends MethodName>(
  connection: Connection,
  name: Name,
  input: InputOf<Name>,
  options: Omit<CallOptions, 'maxBytes'> = {},
): Promise<Reply<Name>> {
  const { output: schema, maxBytes } = METHODS[name];
  const { output, body } = await connection.call(name, input, { ...options, maxBytes });
  const { success, data, error } = schema.safeParse(output);
  if (!success) throw new Fault('invalid', `the shell host's answer to ${name} is none`, { cause: error });
  return { output: data as OutputOf<Name>, body };
}
