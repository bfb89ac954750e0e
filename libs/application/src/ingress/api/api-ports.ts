import type { ApiKeys, Clock, Journal, Ledger, Outbox, Random, SessionStore } from '@swe/domain';
import type { IngressPorts } from '../receive-message';
import type { WishRules } from '../wish-policy';

export interface ApiPorts extends IngressPorts {
  readonly store: Pick<SessionStore, 'receive' | 'load' | 'list' | 'readInbox'>;
  readonly journal: Pick<Journal, 'read'>;
  readonly outbox: Pick<Outbox, 'find'>;
  readonly ledger: Pick<Ledger, 'report'>;
  readonly keys: ApiKeys;
  readonly clock: Pick<Clock, 'nowMs' | 'sleep'>;
  readonly random: Pick<Random, 'id'>;
}

/** What may be wished for. Who may call at all their key says. */
export type ApiRules = WishRules;
