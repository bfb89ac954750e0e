import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { rgPath } from '@vscode/ripgrep';
import { checkList, EXIT_CODES } from '@swe/adapter-local/terminal';
import type { ExitCode } from '@swe/adapter-local/terminal';
import { examine } from '@swe/application/local';
import { listenForInterrupts } from '@swe/runtime';
import { slackChecks } from '../check-slack';
import { doctorProbes } from '../doctor-probes';
import { openGithubIfSet } from '../open-github';
import { openMachine } from '@swe/wiring/machine';
import { openModels } from '@swe/wiring/models';
import { machineOptions, openTwin, toolServersOf } from '../program';
import type { Config, Program } from '../program';

export async function doctor(program: Program, { model }: { readonly model?: string }): Promise<ExitCode> {
  const { out, columns, clock } = program;
  const config = program.readConfig();
  using interrupts = listenForInterrupts(EXIT_CODES.stopped);
  const scratch = await mkdtemp(join(tmpdir(), 'swe-doctor-'));
  let noSandbox = '';
  const configured = toolServersOf(program, config);
  const toolServers = await configured.catch(() => undefined);
  const machine = await openMachine(
    { ...machineOptions(config, (reason) => (noSandbox = reason)), toolServers },
    scratch,
    interrupts,
  );
  const openToolSource = async () => {
    await configured;
    if (machine.toolServers === undefined) throw new Error('none is configured');
    return machine.toolServers.configured.source;
  };
  const probes = doctorProbes({
    openFolder() {
      // Writes its databases.
      using twin = openTwin(program, config);
      twin.check();
      return config.home;
    },
    async run(argv, signal) {
      const spec = { command: { argv }, cwd: '.', timeoutMs: 10_000, previewBytes: 1_000 };
      return (await machine.processes.run(spec, signal)).output.head.split('\n')[0] ?? '';
    },
    ripgrepPath: rgPath,
    openToolSource: toolServers?.servers.size === 0 ? undefined : openToolSource,
    slack: config.slack && (await slackChecks(config.slack)),
    github: await openGithubIfSet(config.github, clock),
    openModels: async () => (await openModels(model ?? config.models, config.modelAccess)).models,
  });
  const show = checkList({ write: out, columns, colour: config.colour });
  const well = await examine(probes, clock, show);
  for (const { step, detail } of unconnected(config)) show({ step, ok: false, isPassedOver: true, detail });
  if (machine.sandbox === undefined) out(bareNote(noSandbox));
  else show({ step: 'sandbox', ok: true, detail: machine.sandbox });
  await machine[Symbol.asyncDispose]();
  await rm(scratch, { recursive: true });
  return well ? EXIT_CODES.done : EXIT_CODES.failed;
}

/** What the twin could be connected to, and by which variables. */
function unconnected({ slack, github }: Pick<Config, 'slack' | 'github'>) {
  const slackBy = 'SLACK_BOT_TOKEN with SLACK_APP_TOKEN or SLACK_SIGNING_SECRET: docs/slack.md, 2a';
  const githubBy = 'GITHUB_TOKEN, or GITHUB_APP_ID with GITHUB_APP_PRIVATE_KEY: docs/github.md';
  return [
    ...(slack === undefined ? [{ step: 'slack', detail: `not connected: set ${slackBy}` }] : []),
    ...(github === undefined ? [{ step: 'github', detail: `not connected: set ${githubBy}` }] : []),
  ];
}

/** What does not hold without a sandbox, and how to get one. */
function bareNote(reason: string): string {
  return [
    `note sandbox       None (${reason}). The agent's commands run as you: they can read your files, keys and the`,
    "                   twin's own folder, read the environment of your processes, write wherever you can, and",
    '                   change branches in the forge that are not theirs. What a command left running is ended only',
    '                   as far as it can be found. On Linux: install bubblewrap (apt-get install bubblewrap) and',
    '                   allow it user namespaces. On other systems: run the twin in a virtual machine.',
    '',
  ].join('\n');
}
