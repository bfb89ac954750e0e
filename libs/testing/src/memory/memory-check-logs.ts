import { stripVTControlCharacters } from 'node:util';
import { Fault } from '@swe/domain';
import type { CheckLogs } from '@swe/domain';

/** Logs in memory, by repository and reference. */
export class MemoryCheckLogs implements CheckLogs {
  readonly #logs = new Map<string, string>();

  /** Returns the log's reference. */
  print(repository: string, text: string): string {
    const ref = `log/${this.#logs.size + 1}`;
    this.#logs.set(`${repository} ${ref}`, text);
    return ref;
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
