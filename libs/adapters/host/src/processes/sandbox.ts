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
}
