import type { SessionRun } from './session-run';

/** What a session may push as it stands, asked for each push. */
export interface PushStanding {
  /** Failed checks woke the session and no person has said anything since. */
  isRepair(): boolean;
  /** A person has given leave to change workflow files, and not taken it back. */
  mayChangeWorkflows(): Promise<boolean>;
}

/**
 * How the session that a run works on stands, as long as the run goes on. Leave is looked up in the store: one that is
 * taken back counts at once, not from the next step on.
 */
export function pushStandingOf({ record, session, ports }: SessionRun): PushStanding {
  return {
    isRepair: () => record.isRepair,
    async mayChangeWorkflows() {
      const stored = await ports.store.load(session.id);
      return stored?.workflowLeave !== undefined;
    },
  };
}
