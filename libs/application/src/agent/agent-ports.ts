import type {
  AgentObserver,
  BlobStore,
  Chat,
  Clock,
  EventBus,
  Journal,
  LanguageModel,
  Ledger,
  Logger,
  Outbox,
  Random,
  SessionStore,
  Snapshots,
} from '@swe/domain';

/** What an agent needs from the outside to serve a session. */
export interface AgentPorts {
  readonly store: Pick<
    SessionStore,
    'load' | 'capOf' | 'readInbox' | 'readLease' | 'takeLease' | 'renewLease' | 'releaseLease'
  >;
  readonly journal: Journal;
  readonly outbox: Omit<Outbox, 'put'>;
  readonly chat: Chat;
  readonly blobs: Pick<BlobStore, 'get' | 'put' | 'delete'>;
  /** Of the machine that the session is worked on. */
  readonly snapshots: Snapshots;
  readonly bus: Pick<EventBus, 'subscribe'>;
  /** In the order in which they are tried. */
  readonly models: readonly [LanguageModel, ...LanguageModel[]];
  /** One that somebody wishes for, by its id. Throws a fault when it can't be had here. */
  openModel(id: string): Promise<LanguageModel>;
  readonly ledger: Pick<Ledger, 'reserve' | 'settle' | 'release' | 'listReserved' | 'report'>;
  readonly clock: Clock;
  readonly random: Pick<Random, 'fraction'>;
  readonly logger: Logger;
  readonly observe: AgentObserver;
}

/** What writing to a session needs of them. */
export type WritingPorts = Pick<AgentPorts, 'journal' | 'clock' | 'observe'> & {
  readonly store: Pick<SessionStore, 'readInbox'>;
};
