import type { InputOf } from './methods';
import type { SpokenProgram } from './shell';
import type { ShellLink } from './shell-link';

/** Starts a program in a shell host. */
export async function startRemoteProgram(
  link: ShellLink,
  input: InputOf<'programs.start'>,
): Promise<SpokenProgram> {
  await link.call('programs.start', input);
  return new RemoteProgram(link, input.program);
}

/** A program of a shell host, which ends with the connection that it was started over: then its output fails. */
class RemoteProgram implements SpokenProgram {
  readonly output: AsyncIterable<Uint8Array>;
  readonly #link: ShellLink;
  readonly #program: number;
  #complaint = '';
  #ended: Promise<void> | undefined;

  constructor(link: ShellLink, program: number) {
    this.#link = link;
    this.#program = program;
    this.output = this.#read();
  }

  complaint(): string {
    return this.#complaint;
  }

  async write(text: string): Promise<void> {
    const body = Buffer.from(text);
    // Reading tells.
    await this.#link.call('programs.write', { program: this.#program }, { body }).catch(() => undefined);
  }

  end(): Promise<void> {
    return (this.#ended ??= this.#end());
  }

  async #end(): Promise<void> {
    // Where the host has gone, so has what it ran.
    await this.#link.call('programs.end', { program: this.#program }).catch(() => undefined);
  }

  async *#read(): AsyncGenerator<Uint8Array> {
    while (this.#ended === undefined) {
      const piece = await this.#next();
      if (piece === undefined) return;
      yield piece;
    }
  }

  /** One piece, of a size that is known: what is not asked for stays with the program. */
  async #next(): Promise<Uint8Array | undefined> {
    try {
      const { output, body } = await this.#link.call('programs.read', { program: this.#program });
      this.#complaint = output.complaint;
      return output.isEnded ? undefined : body;
    } catch (error) {
      if (this.#ended === undefined) throw error;
      return undefined;
    }
  }
}
