import { join } from 'node:path';
import { checkList, EXIT_CODES } from '@swe/adapter-local/terminal';
import type { ExitCode } from '@swe/adapter-local/terminal';
import { resolveTask, runDemo } from '@swe/application/local';
import { listenForInterrupts } from '@swe/runtime';
import { openMachine } from '@swe/wiring/machine';
import { openModels, REHEARSAL } from '@swe/wiring/models';
import { openView } from '../open-view';
import { machineOptions, openTwin } from '../program';
import type { Program } from '../program';
import { hostsOf, serve } from './run';

export async function demo(program: Program, { json }: { readonly json: boolean }): Promise<ExitCode> {
  const { out, err, random, columns } = program;
  const config = program.readConfig();
  const models = await openModels(config.models ?? REHEARSAL, config.modelAccess);
  using twin = openTwin(program, config);
  const { forge, repoHost } = twin;
  using interrupts = listenForInterrupts(EXIT_CODES.stopped);
  const folder = join(config.home, 'demos', random.id());
  await using machine = await openMachine(
    machineOptions(config, () => undefined),
    folder,
    interrupts,
  );
  using view = await openView(program, config, json, interrupts);
  const say = json ? (): void => undefined : out;
  say(`Model: ${models.models.map(({ id }) => id).join(', ')}. Everything stays below ${config.home}.\n`);

  const showCheck = checkList({ write: say, columns, colour: config.colour });
  const verdict = await runDemo(
    {
      ...twin,
      forge: {
        createRepository: async (name, files) =>
          repoHost.repository(await forge.createRepository(name, { files })),
        createIssue: ({ url }, issue) => forge.createIssue(url, { ...issue, author: 'demo-user' }),
      },
      processes: machine.processes,
      random,
    },
    {
      async runTask(task) {
        const resolved = { task: await resolveTask({ task }, hostsOf(program, twin)) };
        const desk = { twin, models, view, interrupts };
        const { session, outcome } = await serve(program, config, desk, resolved);
        return { sessionId: session.id, outcome };
      },
      onCheck: (check) => (interrupts.signal.aborted ? undefined : showCheck(check)),
      signal: interrupts.signal,
    },
  );
  if (json) out(`${JSON.stringify({ type: 'demo.finished', ...verdict })}\n`);
  const culprit = verdict.checks.find((check) => !check.ok);
  if (interrupts.signal.aborted) return EXIT_CODES.stopped;
  if (culprit !== undefined) {
    err(`swe: The ${culprit.step} step failed. ${culprit.detail}\n`);
    return EXIT_CODES.failed;
  }
  say(`\nPull request: ${verdict.pullRequestUrl}\n`);
  return EXIT_CODES.done;
}
