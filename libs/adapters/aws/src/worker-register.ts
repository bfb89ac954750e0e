/** What is remembered of a session's machines beside EC2, whose own answers are only right in the end. */
export interface WorkerEntry {
  /** This generation and all before it are known to be dead. */
  readonly deadGeneration: number;
  /** The latest generation that was given a machine, and which; 0 before the first. */
  readonly generation: number;
  readonly instanceId?: string | undefined;
  readonly enteredAtMs: number;
}

export interface WorkerClaim {
  readonly generation: number;
  readonly instanceId: string;
  readonly atMs: number;
  /** The same generation's machine that this one takes the place of. */
  readonly insteadOf?: string;
}

/** Which instance is a session's machine: one entry for each session, read and written consistently. */
export interface WorkerRegister {
  read(sessionId: string): Promise<WorkerEntry>;
  /**
   * Makes an instance the one machine of a generation, unless that generation has another, is dead or is past. Gives
   * the entry that holds from then on.
   */
  enter(sessionId: string, claim: WorkerClaim): Promise<WorkerEntry>;
  /** Remembers for ever that a generation, and all before it, is dead. Gives the entry that holds from then on. */
  bury(sessionId: string, generation: number): Promise<WorkerEntry>;
}

export const NO_WORKER: WorkerEntry = { deadGeneration: 0, generation: 0, enteredAtMs: 0 };

/** `entry` with the claim, or as it is when the claim comes too late. */
export function withClaim(entry: WorkerEntry, claim: WorkerClaim): WorkerEntry {
  const { generation, instanceId, atMs, insteadOf } = claim;
  if (isPast(entry, generation)) return entry;
  if (entry.generation === generation && entry.instanceId !== insteadOf) return entry;
  return { ...entry, generation, instanceId, enteredAtMs: atMs };
}

export function withGrave(entry: WorkerEntry, generation: number): WorkerEntry {
  return entry.deadGeneration >= generation ? entry : { ...entry, deadGeneration: generation };
}

/** The generation is dead, or a later one has taken its place: nothing may be started for it. */
export function isPast(entry: WorkerEntry, generation: number): boolean {
  return generation <= entry.deadGeneration || generation < entry.generation;
}
