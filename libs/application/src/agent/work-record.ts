import type { NewJournalEntry, RanCommand } from '@swe/domain';

/** What a session's journal tells a tool of the work so far. */
export interface WorkRecord {
  /** Commands that held checks of a working copy, oldest first. */
  readonly checks: readonly RanCommand[];
  /** Failed checks woke the session and no person has said anything since. */
  readonly isRepair: boolean;
  /** Heads that a tool pushed and read back from their host, oldest first. */
  readonly pushedCommits: readonly string[];
}

/** Names a push for those who look whether it was done. */
export const pushKey = (sessionId: string, headSha: string): string => `${sessionId}/push/${headSha}`;
const PUSH = /\/push\/([0-9a-f]{40,64})$/;

/** The record that entries add up to, one by one. */
export interface GrowingWorkRecord extends WorkRecord {
  add(entry: NewJournalEntry): void;
}

export function createWorkRecord(): GrowingWorkRecord {
  const checks: RanCommand[] = [];
  const pushedCommits: string[] = [];
  let isRepair = false;

  return {
    checks,
    pushedCommits,
    get isRepair() {
      return isRepair;
    },
    add(entry) {
      if (entry.kind === 'tool-finished' && entry.ran?.workingCopy !== undefined) checks.push(entry.ran);
      const [, pushed] = (entry.kind === 'effect-done' && PUSH.exec(entry.effectKey)) || [];
      if (pushed !== undefined) pushedCommits.push(pushed);
      // What a program says is nobody's word, and no reason to repair either.
      if (entry.kind === 'message-admitted' && entry.cause !== 'program') isRepair = entry.cause === 'checks';
    },
  };
}
