import type { SessionRun } from './session-run';

/** What a session may push as it stands, asked for each push. */
export interface PushStanding {
  /** Failed checks woke the session and no person has said anything since. */
  isRepair(): boolean;
}

/** How the session that a run works on stands, as long as the run goes on. */
export function pushStandingOf({ record }: SessionRun): PushStanding {
  return { isRepair: () => record.isRepair };
}
