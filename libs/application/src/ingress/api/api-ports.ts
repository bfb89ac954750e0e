import type { ApiKeys, Clock, Glimpses, Journal, Ledger, Outbox, Random, SessionStore } from '@swe/domain';
import type { ApiSetup } from '@swe/domain/api';
import type { IngressPorts } from '../receive-message';
import type { WishRules } from '../wish-policy';

export interface ApiPorts extends IngressPorts {
  readonly store: Pick<SessionStore, 'receive' | 'load' | 'list' | 'readInbox'>;
  readonly journal: Pick<Journal, 'read'>;
  readonly outbox: Pick<Outbox, 'find'>;
  readonly ledger: Pick<Ledger, 'report'>;
  readonly keys: ApiKeys;
  /** Absent where agents work elsewhere. */
  readonly glimpses?: Pick<Glimpses, 'get'>;
  readonly clock: Pick<Clock, 'nowMs' | 'sleep'>;
  readonly random: Pick<Random, 'id'>;
}

/** What may be wished for, and what is told of the system. Who may call at all their key says. */
export interface ApiRules extends WishRules {
  readonly setup?: ApiSetup;
  readonly hasForge?: boolean;
}
