import type { AgentObserver } from '@swe/domain';

/** Prints each event as one line of JSON. */
export function jsonLines(write: (text: string) => void): AgentObserver {
  return (event) => write(`${JSON.stringify(event)}\n`);
}
