import { stripVTControlCharacters } from 'node:util';
import { Fault } from '@swe/domain';
import type { CheckAnnotation, CheckLogs } from '@swe/domain';

/** Logs and annotations in memory, by repository and reference. */
export class MemoryCheckLogs implements CheckLogs {
  readonly #logs = new Map<string, string>();
  readonly #annotations = new Map<string, readonly CheckAnnotation[]>();

  /** Returns the log's reference. */
  print(repository: string, text: string): string {
    const ref = `log/${this.#logs.size + 1}`;
    this.#logs.set(`${repository} ${ref}`, text);
    return ref;
  }

  /** Returns the annotations' reference. */
  annotate(repository: string, annotations: readonly CheckAnnotation[]): string {
    const ref = `annotations/${this.#annotations.size + 1}`;
    this.#annotations.set(`${repository} ${ref}`, annotations);
    return ref;
  }

  async annotations(
    repository: string,
    annotationsRef: string,
    max: number,
  ): Promise<readonly CheckAnnotation[]> {
    const found = this.#annotations.get(`${repository} ${annotationsRef}`);
    if (found === undefined) throw new Fault('missing', `there are no annotations ${annotationsRef}`);
    return found.slice(0, max);
  }

  async log(repository: string, logRef: string, maxBytes: number): Promise<string> {
    const text = this.#logs.get(`${repository} ${logRef}`);
    if (text === undefined) throw new Fault('missing', `there is no log ${logRef}`);
    const lines = stripVTControlCharacters(text).split(/(?<=\n)/);
    let bytes = 0;
    const first = lines.findLastIndex((line) => (bytes += Buffer.byteLength(line)) > maxBytes);
    return lines.slice(first + 1).join('');
  }
}
