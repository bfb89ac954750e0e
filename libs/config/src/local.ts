import { z } from 'zod';

/** The environment that the twin and the `swe` command read. */
export const localConfig = z.object({
  /** The twin's folder: store, forge, workspaces, logs. Default: `.swe` in the user's home. */
  SWE_HOME: z.string().optional(),
  /** Comma-separated fallback list of `<provider>/<model id>`. */
  SWE_MODEL: z.string().optional(),
  /** https://no-color.org: any value turns colours off. */
  NO_COLOR: z.string().optional(),
  /** What the agent's shell gets of the person's environment; nothing else is passed on. */
  PATH: z.string(),
  LANG: z.string().optional(),
  LC_ALL: z.string().optional(),
});
export type LocalConfig = z.infer<typeof localConfig>;
