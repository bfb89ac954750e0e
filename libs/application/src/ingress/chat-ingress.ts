import type { Access, Clock, ModelFacts, SessionStore } from '@swe/domain';
import type { IngressPorts } from './receive-message';
import type { AccessRules } from './who-may-policy';

export interface ChatIngressPorts extends IngressPorts {
  readonly store: Pick<
    SessionStore,
    'receive' | 'revise' | 'findMessage' | 'findSession' | 'load' | 'readInbox' | 'takeOver'
  >;
  readonly access: Access;
  readonly clock: Pick<Clock, 'nowMs'>;
}

export interface ChatIngressRules extends AccessRules {
  /** Programs that may speak to the agent all the same, listed as admins are. */
  readonly allowedBots: readonly string[];
  readonly catalog: readonly ModelFacts[];
}
