import { randomBytes } from 'node:crypto';

/** Where an object of git-lfs is stored, and what its host wants to see with it. */
export interface LfsAction {
  readonly url: URL;
  readonly headers: Readonly<Record<string, string>>;
  readonly method: 'GET' | 'PUT' | 'POST';
  readonly repository: string;
}

/** Ten batches of git-lfs, with their verifications: https://github.com/git-lfs/git-lfs/blob/main/docs/api/batch.md */
const MAX_TICKETS = 4000;

/** Stands in for addresses that are credentials themselves. The oldest ones are forgotten. */
export class LfsTickets {
  readonly #actions = new Map<string, LfsAction>();

  issue(action: LfsAction): string {
    const ticket = randomBytes(24).toString('base64url');
    this.#actions.set(ticket, action);
    const [oldest] = this.#actions.keys();
    if (this.#actions.size > MAX_TICKETS && oldest !== undefined) this.#actions.delete(oldest);
    return ticket;
  }

  find(ticket: string): LfsAction | undefined {
    return this.#actions.get(ticket);
  }
}
