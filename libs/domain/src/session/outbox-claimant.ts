/** Whoever delivers an entry, until `lapsesAtMs`. An agent's claim carries the fence it writes with. */
export interface OutboxClaimant {
  readonly name: string;
  readonly fence?: number;
  readonly lapsesAtMs: number;
}

/** Whether `held` keeps `next` from claiming. An agent's claim ends with its fence: a later one knows it dead. */
export function claimHolds(held: OutboxClaimant, next: OutboxClaimant, nowMs: number): boolean {
  if (held.lapsesAtMs <= nowMs || held.name === next.name) return false;
  return held.fence === undefined || next.fence === undefined || next.fence <= held.fence;
}
