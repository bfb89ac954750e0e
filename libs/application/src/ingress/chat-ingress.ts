import type { Access, Clock, Ledger, SessionStore } from '@swe/domain';
import type { IngressPorts } from './receive-message';
import type { AccessRules } from './who-may-policy';
import type { KnownAgent, WishRules } from './wish-policy';

export interface ChatIngressPorts extends IngressPorts {
  readonly store: Pick<
    SessionStore,
    'receive' | 'revise' | 'findMessage' | 'findSession' | 'load' | 'readInbox' | 'takeOver'
  >;
  readonly access: Access;
  readonly ledger: Pick<Ledger, 'report'>;
  readonly clock: Pick<Clock, 'nowMs'>;
}

export interface ChatIngressRules extends AccessRules, WishRules {
  /** Programs that may speak to the agent all the same, listed as admins are. */
  readonly allowedBots: readonly string[];
  /** The agents that may be wished for, as they are now; absent where only the agent's machine knows them. */
  readAgents?(): Promise<readonly KnownAgent[]>;
}
