import type { Session, SessionStore } from '@swe/domain';
import type { DemandRight } from './demand-right';
import { peopleOf } from './session-run';
import type { WorkRecord } from './work-record';

/** What a session may push as it stands, asked for each push. */
export interface PushStanding {
  /** Failed checks woke the session and no person has said anything since. */
  isRepair(): boolean;
  /** A person has given leave to change workflow files, and not taken it back. */
  mayChangeWorkflows(): Promise<boolean>;
  /** Throws `denied` where one of those whom the agent works for may not write to a repository. */
  demandPush(repository: string): Promise<void>;
}

/** What of a session's run says how it stands. */
interface JudgedRun {
  readonly record: Pick<WorkRecord, 'isRepair'>;
  readonly session: Pick<Session, 'id' | 'requester'>;
  readonly speakers: readonly string[];
  readonly ports: { readonly store: Pick<SessionStore, 'load'> };
}

/**
 * How the session that a run works on stands, as long as the run goes on. Leave is looked up in the store: one that is
 * taken back counts at once, not from the next step on.
 */
export function pushStandingOf(run: JudgedRun, demandRight?: DemandRight): PushStanding {
  const { record, session, ports } = run;
  return {
    isRepair: () => record.isRepair,
    async mayChangeWorkflows() {
      const stored = await ports.store.load(session.id);
      return stored?.workflowLeave !== undefined;
    },
    demandPush: async (repository) => demandRight?.('write', repository, peopleOf(run)),
  };
}
