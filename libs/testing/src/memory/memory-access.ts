import type { Access, Approval } from '@swe/domain';

export class MemoryAccess implements Access {
  readonly #approvals = new Map<string, Approval>();

  async approve(approval: Approval): Promise<void> {
    const key = keyOf(approval.workspace, approval.person);
    if (!this.#approvals.has(key)) this.#approvals.set(key, approval);
  }

  async revoke(workspace: string, person: string): Promise<void> {
    this.#approvals.delete(keyOf(workspace, person));
  }

  async isApproved(workspace: string, person: string): Promise<boolean> {
    return this.#approvals.has(keyOf(workspace, person));
  }

  async list(workspace: string): Promise<readonly Approval[]> {
    const approvals = [...this.#approvals.values()].filter((each) => each.workspace === workspace);
    return approvals.sort((a, b) => a.atMs - b.atMs);
  }
}

function keyOf(workspace: string, person: string): string {
  return `${workspace}\n${person}`;
}
