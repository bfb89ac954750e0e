/*
 * How the programs of this repository are run by Node. They wait most of the time, and what they hold is better left to
 * what the agent runs; each process that is started also takes as long as there are pages to copy the table of. On a
 * worker the units say the same (`infra/worker`).
 */

/** Of Node. A small young generation, an old one that grows by little, and one thread to collect them. */
export const nodeFlags = [
  '--max-semi-space-size=1',
  '--heap-growing-percent=40',
  '--v8-pool-size=1',
  // Of `node:sqlite`.
  '--disable-warning=ExperimentalWarning',
];

/** Of the C library: threads share what they free, and it goes back to the system. */
export const nodeEnvironment = { MALLOC_ARENA_MAX: '1', MALLOC_TRIM_THRESHOLD_: '131072' };
