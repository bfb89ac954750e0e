import type { Connection } from './connection';
import { EXAMINE } from './methods';
import type { ShellSnapshotsOptions } from './shell';

/**
 * Asks the other end whether a file holds a credential, since none may be known on this one. A large file is asked of
 * piece by piece, each beginning with the end of the one before, where a credential may lie across. One question at a
 * time: the other end takes no more.
 */
export class Examiner {
  readonly #connection: Connection;
  #turn: Promise<unknown> = Promise.resolve();

  constructor(connection: Connection) {
    this.#connection = connection;
  }

  /** For the snapshots that the other end opened under `handle`. */
  of(handle: number): ShellSnapshotsOptions['holdsCredential'] {
    return async (path, content) => {
      for (const body of overlapping(content)) if (await this.#ask({ handle, path }, body)) return true;
      return false;
    };
  }

  #ask(input: { readonly handle: number; readonly path: string }, body: Uint8Array): Promise<boolean> {
    const asked = this.#turn.then(async () => {
      const { output } = await this.#connection.call(EXAMINE.name, input, { body });
      return EXAMINE.output.parse(output);
    });
    this.#turn = asked.catch(() => undefined);
    return asked;
  }
}

function* overlapping(content: Uint8Array): Generator<Uint8Array> {
  const { maxCallBytes, overlapBytes } = EXAMINE;
  for (let at = 0; at < content.length; at += maxCallBytes - overlapBytes) {
    yield content.subarray(at, at + maxCallBytes);
    if (at + maxCallBytes >= content.length) return;
  }
}
