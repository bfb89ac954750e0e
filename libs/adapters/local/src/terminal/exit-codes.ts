/** What a command ended with. Scripts rely on the numbers. */
export const EXIT_CODES = {
  done: 0,
  failed: 1,
  badInput: 2,
  /** The agent asked a question and waits for the answer. */
  asksBack: 3,
  /** As a shell reports a program ended by Ctrl-C. */
  stopped: 130,
} as const;
export type ExitCode = (typeof EXIT_CODES)[keyof typeof EXIT_CODES];
