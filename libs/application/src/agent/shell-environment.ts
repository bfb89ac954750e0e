export interface ShellFacts {
  readonly path: string;
  /** A home folder of the session's own: the person's holds keys and configuration that are none of its business. */
  readonly home: string;
  readonly workspaceRoot: string;
  readonly language?: string | undefined;
}

/** Whose commits the agent's are. */
export const AGENT_EMAIL = 'remote-swe-agent@users.noreply.github.com';

/**
 * The whole environment of every process an agent starts. It is made up from these facts, never filtered from the
 * parent's: what is not named here cannot leak.
 */
export function shellEnvironment({
  path,
  home,
  workspaceRoot,
  language,
}: ShellFacts): Record<string, string> {
  return {
    PATH: path,
    HOME: home,
    SHELL: '/bin/bash',
    TERM: 'dumb',
    LANG: language ?? 'C.UTF-8',
    NO_COLOR: '1',
    PAGER: 'cat',
    GIT_PAGER: 'cat',
    GIT_EDITOR: 'true',
    GIT_TERMINAL_PROMPT: '0',
    GIT_CONFIG_NOSYSTEM: '1',
    // A folder that is no repository must not find one above the workspace. Git does not heed a ceiling that is the
    // folder it starts in, so the parent is one too (https://git-scm.com/docs/git#Documentation/git.txt).
    GIT_CEILING_DIRECTORIES: `${workspaceRoot}:${workspaceRoot.replace(/\/[^/]*$/, '') || '/'}`,
    GIT_AUTHOR_NAME: 'Remote SWE Agent',
    GIT_AUTHOR_EMAIL: AGENT_EMAIL,
    GIT_COMMITTER_NAME: 'Remote SWE Agent',
    GIT_COMMITTER_EMAIL: AGENT_EMAIL,
    npm_config_update_notifier: 'false',
    npm_config_fund: 'false',
    npm_config_audit: 'false',
  };
}
