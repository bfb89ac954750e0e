import { isGrantedMore, nanoUsdWords } from '@swe/domain';
import type { Session } from '@swe/domain';
import type { SendPorts } from './send-ports';
import { setWish } from './set-wish';
import type { SaidWish } from './set-wish';

/** What a person at the terminal wants of a session; what they say nothing of stays as it is. */
export interface Wishes {
  /** What it may spend; one that stood still for want of it goes on. */
  readonly capNanoUsd?: number | undefined;
  /** The agent that it works as, by its name; `default` for the one that all have. */
  readonly agent?: string | undefined;
}

/** What wishes make of a session that begins with them. */
export function wishedOf({ capNanoUsd, agent }: Wishes): Pick<Session, 'capNanoUsd' | 'wishedAgent'> {
  return {
    ...(capNanoUsd !== undefined && { capNanoUsd }),
    ...(agent !== undefined && agent !== DEFAULT && { wishedAgent: agent }),
  };
}

/** Sets them for a session that is there. Throws `denied` for one that has ended. */
export async function setWishes(
  ports: SendPorts,
  session: Pick<Session, 'id' | 'origin'>,
  requester: string,
  { capNanoUsd, agent }: Wishes,
): Promise<void> {
  if (capNanoUsd !== undefined) {
    await setWish(ports, session, requester, budgetWish(capNanoUsd, ports.clock.nowMs()));
  }
  if (agent !== undefined) await setWish(ports, session, requester, agentWish(agent));
}

function budgetWish(capNanoUsd: number, nowMs: number): SaidWish {
  const amount = nanoUsdWords(capNanoUsd);
  return {
    words: `budget ${amount}`,
    answer: `The budget of this session is ${amount} now.`,
    change(session) {
      const goesOn = isGrantedMore({ ...session, capNanoUsd }, capNanoUsd);
      return { capNanoUsd, ...(goesOn && { retryAtMs: nowMs }) };
    },
  };
}

const DEFAULT = 'default';

function agentWish(agent: string): SaidWish {
  const isDefault = agent === DEFAULT;
  return {
    words: `agent ${agent}`,
    answer: `This session works as ${isDefault ? 'the agent that all have' : `\`${agent}\``}.`,
    change: () => ({ wishedAgent: isDefault ? undefined : agent }),
  };
}
