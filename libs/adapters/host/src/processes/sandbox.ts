/** What shuts a process in. */
export interface Sandbox {
  /** What it is, with its version. */
  readonly name: string;
  /**
   * What to execute instead of `argv`. The process finds itself in `cwd` and may write to what is below `writable`,
   * absolute paths that exist. Descriptors 3 and 4 are for the warden's report and the process's output: `warden.ts`.
   */
  confine(
    argv: readonly [string, ...string[]],
    place: { readonly cwd: string; readonly writable: readonly string[] },
  ): readonly [string, ...string[]];

  /**
   * As `confine`, for a program that is spoken to: its descriptors are its own, and nobody says how it ended. What is
   * `readable` may be hidden otherwise. Everything in the sandbox ends with the process that this gives.
   */
  enclose(
    argv: readonly [string, ...string[]],
    place: {
      readonly cwd: string;
      readonly writable: readonly string[];
      readonly readable: readonly string[];
    },
  ): readonly [string, ...string[]];
}
