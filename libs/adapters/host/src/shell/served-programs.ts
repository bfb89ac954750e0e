import { Fault } from '@swe/domain';
import { MAX_OUTPUT_BYTES } from './methods';
import type { SpokenProgram, SpokenPrograms, SpokenProgramSpec } from './shell';

interface Served {
  readonly program: SpokenProgram;
  readonly pieces: AsyncGenerator<Uint8Array, undefined>;
}

export interface ProgramOutput {
  /** None once it has ended. */
  readonly bytes: Uint8Array;
  readonly isEnded: boolean;
  /** As far as it is known by now. */
  readonly complaint: string;
}

/**
 * Programs that were started over one connection, by the other end's numbers. Of what they write nothing is read before
 * it is asked for: a program that writes more waits, as with any pipe.
 */
export class ServedPrograms {
  readonly #served = new Map<number, Served>();

  async start(number: number, programs: SpokenPrograms, spec: SpokenProgramSpec): Promise<void> {
    const program = await programs.start(spec);
    this.#served.set(number, { program, pieces: piecesOf(program.output) });
  }

  /** The next it writes, once it does. */
  async read(number: number, signal: AbortSignal): Promise<ProgramOutput> {
    const { program, pieces } = this.#named(number);
    const { value: bytes = new Uint8Array(), done } = await endingOnAbort(program, signal, pieces.next());
    return { bytes, isEnded: done === true, complaint: program.complaint() };
  }

  async write(number: number, text: Buffer, signal: AbortSignal): Promise<void> {
    const { program } = this.#named(number);
    await endingOnAbort(program, signal, program.write(text.toString()));
  }

  /** Harmless where there is none. */
  async end(number: number): Promise<void> {
    await this.#served.get(number)?.program.end();
    this.#served.delete(number);
  }

  /** With the connection that it was started over it has ended. */
  #named(number: number): Served {
    const served = this.#served.get(number);
    if (served === undefined) throw new Fault('missing', 'the program has ended');
    return served;
  }
}

/** A program may be silent, or deaf, for as long as it lives: whoever gives up on it, or is gone, ends it. */
async function endingOnAbort<T>(
  program: SpokenProgram,
  signal: AbortSignal,
  waiting: Promise<T>,
): Promise<T> {
  const end = (): void => void program.end();
  if (signal.aborted) end();
  signal.addEventListener('abort', end, { once: true });
  try {
    return await waiting;
  } finally {
    signal.removeEventListener('abort', end);
  }
}

async function* piecesOf(output: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array, undefined> {
  for await (const bytes of output) {
    for (let at = 0; at < bytes.length; at += MAX_OUTPUT_BYTES)
      yield bytes.subarray(at, at + MAX_OUTPUT_BYTES);
  }
  return undefined;
}
