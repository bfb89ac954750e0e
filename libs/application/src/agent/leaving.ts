import { Fault } from '@swe/domain';

/**
 * Why a turn's signal aborts when its machine has to go. Nobody stopped the turn: what it was doing has no result yet,
 * is saved as far as it came, and goes on at the session's next machine as after a death.
 */
export class Leaving extends Fault {
  constructor() {
    super('cancelled', 'the machine has to go');
  }
}

export function isLeaving({ reason }: AbortSignal): boolean {
  return reason instanceof Leaving;
}

export function throwIfLeaving(signal: AbortSignal): void {
  if (isLeaving(signal)) throw signal.reason;
}
