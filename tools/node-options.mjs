/*
 * How the programs of this repository are run by Node. They wait most of the time, and what they hold is better left to
 * what the agent runs; each process that is started also takes as long as there are pages to copy the table of. On a
 * worker the units say the same (`infra/worker`), but for the cache: what runs there can't write to its own code.
 */

/** Of Node. Little room for what is new, and one thread for what V8 does beside the first. */
export const nodeFlags = [
  '--max-semi-space-size=1',
  '--v8-pool-size=1',
  // Of `node:sqlite`.
  '--disable-warning=ExperimentalWarning',
];

/**
 * Of the C library: threads share what they free, and it goes back to the system. Of Node: code is kept compiled in
 * `cache`.
 *
 * @param {string} cache
 */
export const nodeEnvironment = (cache) => ({
  MALLOC_ARENA_MAX: '1',
  MALLOC_TRIM_THRESHOLD_: '131072',
  NODE_COMPILE_CACHE: cache,
});
