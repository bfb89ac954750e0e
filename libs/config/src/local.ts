import { z } from 'zod';

/** The environment that the twin and the `swe` command read. */
export const localConfig = z.object({
  /** The twin's folder: store, forge, workspaces, logs. Default: `.swe` in the user's home. */
  SWE_HOME: z.string().optional(),
  /** `<provider>/<model id>`; of a comma-separated list the first. */
  SWE_MODEL: z.string().optional(),
  /** https://no-color.org: any value turns colours off. */
  NO_COLOR: z.string().optional(),
  /** What the agent's shell gets of the person's environment; nothing else is passed on. */
  PATH: z.string(),
  LANG: z.string().optional(),
  LC_ALL: z.string().optional(),
  /** How the person's own git reaches a repository given by URL. For bringing it in only, never for the agent's shell. */
  SSH_AUTH_SOCK: z.string().optional(),
  HTTP_PROXY: z.string().optional(),
  HTTPS_PROXY: z.string().optional(),
  NO_PROXY: z.string().optional(),
  http_proxy: z.string().optional(),
  https_proxy: z.string().optional(),
  no_proxy: z.string().optional(),
  GIT_SSL_CAINFO: z.string().optional(),
});
