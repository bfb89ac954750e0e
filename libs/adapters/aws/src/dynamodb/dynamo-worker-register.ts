import { jsonText } from '@swe/domain';
import { z } from 'zod';
import { NO_WORKER, withClaim, withGrave } from '../worker-register';
import type { WorkerClaim, WorkerEntry, WorkerRegister } from '../worker-register';
import { isNew } from './action';
import type { DynamoTable } from './dynamo-table';
import { workerKey } from './item-key';
import { parseItem } from './stored-item';

const workerEntry = z.object({
  deadGeneration: z.int(),
  generation: z.int(),
  instanceId: z.string().optional(),
  enteredAtMs: z.int(),
});

const workerItem = z.object({ revision: z.int(), worker: jsonText(workerEntry) });

/** The register of workers as one item in each session's partition, written on the condition of its revision. */
export class DynamoWorkerRegister implements WorkerRegister {
  readonly #table: DynamoTable;

  constructor(table: DynamoTable) {
    this.#table = table;
  }

  async read(sessionId: string): Promise<WorkerEntry> {
    const { entry } = await this.#load(sessionId);
    return entry;
  }

  enter(sessionId: string, claim: WorkerClaim): Promise<WorkerEntry> {
    return this.#change(sessionId, (entry) => withClaim(entry, claim));
  }

  bury(sessionId: string, generation: number): Promise<WorkerEntry> {
    return this.#change(sessionId, (entry) => withGrave(entry, generation));
  }

  #change(sessionId: string, change: (entry: WorkerEntry) => WorkerEntry): Promise<WorkerEntry> {
    return this.#table.transact(async () => {
      const { entry, revision } = await this.#load(sessionId);
      const result = change(entry);
      if (result === entry) return { result, actions: [] };
      const put = { ...workerKey(sessionId), revision: revision + 1, worker: JSON.stringify(result) };
      return { result, actions: [{ put, when: revision === 0 ? isNew : { is: { revision } } }] };
    });
  }

  async #load(sessionId: string): Promise<{ readonly entry: WorkerEntry; readonly revision: number }> {
    const item = await this.#table.get(workerKey(sessionId));
    if (item === undefined) return { entry: NO_WORKER, revision: 0 };
    const { worker, revision } = parseItem(workerItem, item, item);
    return { entry: worker, revision };
  }
}
