import type { OutputChunk, Processes, ProcessSpec, RunResult, RunSpec } from '@swe/domain';
import { mustFit } from './shell-link';
import type { ShellLink } from './shell-link';

/** Processes of a shell host. Once it was lost, what was started before is unknown. */
export class RemoteProcesses implements Processes {
  readonly #link: ShellLink;
  readonly #handle: number;

  constructor(
    link: ShellLink,
    handle: number,
    readonly spoolDirectory: string,
  ) {
    this.#link = link;
    this.#handle = handle;
  }

  async run(spec: RunSpec, signal: AbortSignal): Promise<RunResult> {
    const { output } = await this.#link.call('processes.run', { handle: this.#handle, spec }, { signal });
    const { head, tail } = output.output;
    // No byte makes more than one character.
    mustFit('processes.run', head.length + tail.length, spec.previewBytes);
    return output;
  }

  async start(spec: ProcessSpec): Promise<string> {
    return (await this.#link.call('processes.start', { handle: this.#handle, spec })).output;
  }

  async output(id: string, offset: number, maxBytes: number): Promise<OutputChunk> {
    const input = { handle: this.#handle, id, offset, maxBytes };
    const { output } = await this.#link.call('processes.output', input);
    mustFit('processes.output', output.text.length, maxBytes);
    return output;
  }

  async input(id: string, text: string): Promise<void> {
    await this.#link.call('processes.input', { handle: this.#handle, id, text });
  }

  async kill(id: string): Promise<void> {
    await this.#link.call('processes.kill', { handle: this.#handle, id });
  }
}
