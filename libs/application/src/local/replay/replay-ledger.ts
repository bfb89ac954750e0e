import { Fault } from '@swe/domain';
import type { JournalEntry, JournalEntryOf } from '@swe/domain';
import type { AgentPorts } from '../../agent/agent-ports';
import type { Cassette } from './cassette';
import type { Tape } from './tape';

type Ended = JournalEntry & JournalEntryOf<'state-changed'>;

/** Money as it was: counted, and denied where the journal tells that it was. */
export function replayLedger(tape: Tape): AgentPorts['ledger'] {
  let spentNanoUsd = 0;
  return {
    async reserve({ callNumber }, [session]) {
      // A call is begun together with its reservation: a denied one has neither answer nor bill.
      const next = tape.ahead(
        (entry): entry is JournalEntry => isAnswerOf(entry, callNumber) || isEnd(entry),
      );
      if (next === undefined || deniedCapOf(next) === undefined) return;
      throw new Fault('denied', 'The cap was reached.', session && { scope: session.name });
    },
    async settle(_key, nanoUsd) {
      spentNanoUsd += nanoUsd;
    },
    release: async () => undefined,
    listReserved: async () => [],
    report: async () => ({ reservedNanoUsd: 0, spentNanoUsd, estimatedNanoUsd: 0 }),
  };
}

/** What the session may spend until it is denied, or at last. */
export function capAhead({ session, setup }: Cassette, tape: Tape): number {
  const denied = tape.ahead((entry): entry is Ended => deniedCapOf(entry) !== undefined);
  return (denied && deniedCapOf(denied)) ?? session.capNanoUsd ?? setup.capNanoUsd;
}

/** The cap that a turn ended over. */
function deniedCapOf(entry: JournalEntry): number | undefined {
  if (entry.kind !== 'state-changed' || entry.outcome?.kind !== 'answered') return undefined;
  const [, cap] = /\/budget-\d+-\d+-(\d+)$/.exec(entry.outcome.replyKey) ?? [];
  return cap === undefined ? undefined : Number(cap);
}

function isAnswerOf(entry: JournalEntry, callNumber: number): entry is JournalEntry {
  return entry.kind === 'model-call-finished' && entry.callNumber === callNumber;
}

function isEnd(entry: JournalEntry): entry is JournalEntry {
  return entry.kind === 'state-changed' && entry.outcome !== undefined;
}
