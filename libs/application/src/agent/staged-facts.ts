import type {
  InboxItem,
  JournalWrite,
  NewJournalEntry,
  OutboxEntry,
  Outcome,
  SessionChange,
} from '@swe/domain';

/** Facts waiting for the next write. */
export interface StagedFacts {
  readonly entries: readonly NewJournalEntry[];
  readonly outbox: readonly OutboxEntry[];
  readonly admitted: readonly InboxItem[];
  readonly outcomes: readonly { readonly seq: number; readonly outcome: Outcome }[];
  readonly session: SessionChange;
}

export function nothingStaged(): StagedFacts {
  return { entries: [], outbox: [], admitted: [], outcomes: [], session: {} };
}

export function joined(a: StagedFacts, b: StagedFacts): StagedFacts {
  return {
    entries: [...a.entries, ...b.entries],
    outbox: [...a.outbox, ...b.outbox],
    admitted: [...a.admitted, ...b.admitted],
    outcomes: [...a.outcomes, ...b.outcomes],
    session: { ...a.session, ...b.session },
  };
}

export function isNothing({ entries, outbox, admitted, outcomes, session }: StagedFacts): boolean {
  return [entries, outbox, admitted, outcomes, Object.keys(session)].every((facts) => facts.length === 0);
}

export function writeOf(
  sessionId: string,
  fence: number,
  staged: StagedFacts,
  updatedAtMs: number,
): JournalWrite {
  const cursor = staged.admitted.at(-1)?.seq;
  const items = staged.admitted.map(({ seq, revision }) => ({ seq, revision }));
  return {
    sessionId,
    fence,
    entries: staged.entries,
    outbox: staged.outbox,
    outcomes: staged.outcomes,
    session: { ...staged.session, updatedAtMs },
    ...(cursor === undefined ? {} : { admit: { cursor, items } }),
  };
}
