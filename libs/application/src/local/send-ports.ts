import type { Clock, Random, SessionStore } from '@swe/domain';
import type { IngressPorts } from '../ingress';

/** What it takes to say something at this machine. */
export interface SendPorts extends IngressPorts {
  readonly store: IngressPorts['store'] & Pick<SessionStore, 'load'>;
  readonly clock: Pick<Clock, 'nowMs'>;
  readonly random: Pick<Random, 'id'>;
}
