/** How a process ended: by itself, or by a signal. */
export interface Exit {
  readonly exitCode: number | null;
  readonly signal: string | null;
}
