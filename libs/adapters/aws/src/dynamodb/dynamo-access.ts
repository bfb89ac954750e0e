import type { Access, Approval } from '@swe/domain';
import { z } from 'zod';
import { isNew } from './action';
import type { Item } from './action';
import type { DynamoTable } from './dynamo-table';
import { approvalKey, approvalsPk } from './item-key';
import { parseItem } from './stored-item';

const approvalItem = z.object({ workspace: z.string(), person: z.string(), by: z.string(), atMs: z.int() });

/** Above every sort key of an approval: `0` follows `/`. */
const BEHIND_ALL = 'approval0';

/** Approvals in a DynamoDB table, those of a workspace in a partition of their own. */
export class DynamoAccess implements Access {
  readonly #table: DynamoTable;

  constructor(table: DynamoTable) {
    this.#table = table;
  }

  async approve(approval: Approval): Promise<void> {
    const key = approvalKey(approval.workspace, approval.person);
    await this.#table.transact(async () => {
      const isKnown = (await this.#table.get(key)) !== undefined;
      const { workspace, person, by, atMs } = approval;
      const put = { put: { ...key, workspace, person, by, atMs }, when: isNew };
      return { result: undefined, actions: isKnown ? [] : [put] };
    });
  }

  async revoke(workspace: string, person: string): Promise<void> {
    const remove = approvalKey(workspace, person);
    await this.#table.transact(async () => ({ result: undefined, actions: [{ remove }] }));
  }

  async isApproved(workspace: string, person: string): Promise<boolean> {
    return (await this.#table.get(approvalKey(workspace, person))) !== undefined;
  }

  async list(workspace: string): Promise<readonly Approval[]> {
    const approvals: Approval[] = [];
    for await (const item of this.#table.query(approvalsPk(workspace), 'approval/', BEHIND_ALL)) {
      approvals.push(toApproval(item));
    }
    return approvals.sort((a, b) => a.atMs - b.atMs);
  }
}

function toApproval(item: Item): Approval {
  return parseItem(approvalItem, item, item);
}
