import { askForAWord } from '@swe/application/local';
import type { Probe } from '@swe/application/local';
import type { LanguageModel, ToolSource } from '@swe/domain';
import type { Github } from '@swe/wiring/github';
import type { SlackChecks } from './check-slack';

export interface DoctorSubjects {
  /** Opens everything that is kept in the twin's folder, looks whether it is whole, and says where that is. */
  openFolder(): string;
  /** The first line of what a program says. */
  run(argv: readonly [string, ...string[]], signal: AbortSignal): Promise<string>;
  readonly ripgrepPath: string;
  openModels(): Promise<readonly LanguageModel[]>;
  /** Undefined where there are no tokens. */
  readonly slack: SlackChecks | undefined;
  /** Undefined where no tool server is configured; rejects where what configures them can't be read. */
  readonly openToolSource: (() => Promise<Pick<ToolSource, 'list'>>) | undefined;
  /** Undefined where neither a token nor an App is set. */
  readonly github: Pick<Github, 'check'> | undefined;
}

/** What a run needs, each with what to do where it is missing. */
export function doctorProbes({
  openFolder,
  run,
  ripgrepPath,
  openModels,
  openToolSource,
  slack,
  github,
}: DoctorSubjects): readonly Probe[] {
  const version = (program: string) => (signal: AbortSignal) => run([program, '--version'], signal);
  return [
    {
      step: 'folder',
      advice: 'Or set SWE_HOME to another folder, one you can write to.',
      look: async () => openFolder(),
    },
    { step: 'git', advice: 'Install git, then try again.', look: version('git') },
    { step: 'bash', advice: 'Install bash, then try again.', look: version('bash') },
    { step: 'ripgrep', advice: 'Install the dependencies again: npm ci.', look: version(ripgrepPath) },
    {
      step: 'model',
      advice: 'Check SWE_MODEL, its key and the network.',
      look: async (signal) =>
        (await Promise.all((await openModels()).map((each) => askForAWord(each, signal)))).join(', '),
    },
    ...(openToolSource === undefined ? [] : [toolServersProbe(openToolSource)]),
    ...(slack === undefined ? [] : slackProbes(slack)),
    ...(github === undefined ? [] : [githubProbe(github)]),
  ];
}

const toolServersProbe = (open: () => Promise<Pick<ToolSource, 'list'>>): Probe => ({
  step: 'tool servers',
  advice: 'How they are configured, and what they are given, is in docs/mcp.md.',
  async look(signal) {
    const { tools, troubles } = await (await open()).list(signal);
    if (troubles.length > 0) {
      throw new Error(troubles.map(({ server, reason }) => `${server}: ${reason}`).join('; '));
    }
    return `${tools.length} tools of ${new Set(tools.map(({ server }) => server)).size} servers`;
  },
});

const githubProbe = (github: Pick<Github, 'check'>): Probe => ({
  step: 'github',
  advice: 'What GITHUB_TOKEN, or GITHUB_APP_ID and its key, need to be is in docs/github.md.',
  look: (signal) => github.check(signal),
});

/** How each token is come by is told in docs/slack.md. */
function slackProbes({ bot, app }: SlackChecks): readonly Probe[] {
  const asBot: Probe = {
    step: 'slack bot',
    advice: 'SLACK_BOT_TOKEN is the Bot User OAuth Token (xoxb-) of OAuth & Permissions: docs/slack.md.',
    look: bot,
  };
  if (app === undefined) return [asBot];
  const asApp: Probe = {
    step: 'slack app',
    advice:
      'SLACK_APP_TOKEN is an app-level token (xapp-) of Basic Information with connections:write: docs/slack.md.',
    look: async () => {
      await app();
      return 'may listen over Socket Mode';
    },
  };
  return [asBot, asApp];
}
