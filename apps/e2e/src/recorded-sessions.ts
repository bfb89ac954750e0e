import { rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { openLoopbackOpenAi } from '@swe/testing/servers';
import { BROKEN_LIBRARY } from './broken-library';
import { bash, call, played } from './scripted-model';
import type { ModelScript } from './scripted-model';
import type { Ended, Machine } from './swe';

/** Of a model that is asked for next to nothing, and whose conversations are made shorter soon. */
const SMALL = {
  id: 'openai-compatible/small',
  contextTokens: 24_000,
  maxOutputTokens: 1_000,
  prices: { input: 0.001, output: 100, cacheRead: 0.001, cacheWrite: 0.001 },
  seesImages: false,
  source: 'a test',
  checkedOn: '2026-11-26',
};

const SUMMARY = ['Findings', 'Decisions', 'Done', 'Open']
  .map((heading) => `## ${heading}\n${heading === 'Done' ? 'Numbers were printed.' : 'None.'}`)
  .join('\n\n');

/** Works on a session, and gives its id. */
export type RecordedSession = (machine: Machine) => Promise<string>;

type Environment = Readonly<Record<string, string>>;

/** How `swe` is set up for all of them. */
export function settingsOn({ folder }: Machine): Environment {
  const catalog = join(folder, 'models.json');
  writeFileSync(catalog, JSON.stringify([SMALL]));
  return { SWE_MODEL_CATALOG: catalog, SWE_BUDGET_USD: '20' };
}

/** Sessions that take every way there is, as they are kept to be replayed. */
export const RECORDED_SESSIONS: Readonly<Record<string, RecordedSession>> = {
  async 'a-fix-with-a-pull-request'(machine) {
    const root = machine.makeRepository('fares', BROKEN_LIBRARY);
    const model = ['--model', 'rehearsal/fix-failing-test'];
    return idIn(await machine.swe(['run', '--repo', root, '--task', 'The fare is wrong. Fix it.', ...model]));
  },

  async 'a-machine-that-was-lost'(machine) {
    const root = machine.makeRepository('fares', BROKEN_LIBRARY);
    const model = ['--model', 'rehearsal/fix-failing-test'];
    const id = idIn(await machine.swe(['run', '--repo', root, '--task', 'Fix the fare.', ...model]));
    rmSync(join(machine.folder, 'swe/sessions', id), { recursive: true });
    await machine.swe(['run', '--resume', id, '--task', 'Go on.', ...model]);
    return id;
  },

  'words-on-the-way-a-question-and-a-stop': (machine) =>
    withModel(machine, 'Look at the fares.', async (run) => {
      const first = await run.begin(function* () {
        yield { say: 'I look.', calls: [bash('ls fares'), call('list_files', { path: 'fares' })] };
        yield {
          calls: [call('read_file', { path: 'fares/src/fare.js' }), call('list_files', { path: '.' })],
        };
        yield { calls: [call('ask_user', { question: 'Four or three?', choices: ['Four', 'Three'] })] };
      });
      const id = idIn(first);
      await run.goOn(id, 'Four.', async function* () {
        await run.say(id, 'And say so in the readme.');
        yield { say: 'Four it is.', calls: [bash('sleep 2')] };
        yield { calls: [call('write_file', { path: 'fares/README.md', content: 'Four.\n' })] };
        await run.stop(id);
        yield { say: 'I go on.', ending: 'hang' };
      });
      await run.goOn(id, 'Enough, sum up.', function* () {
        yield { say: 'The readme says four.' };
      });
      return id;
    }),

  'many-steps-and-failures': (machine) =>
    withModel(machine, 'Try everything.', async (run) => {
      const ended = await run.begin(function* () {
        yield { status: 500, error: { type: 'server_error', message: 'not now' } };
        const items = [
          { text: 'Look', status: 'doing' },
          { text: 'Write', status: 'open' },
        ];
        yield { say: 'A plan first.', calls: [call('todo', { items })] };
        for (let n = 1; n <= 24; n += 1) {
          const file = `notes/${n}.md`;
          yield { calls: [call('write_file', { path: file, content: `Note ${n}.\n` }), bash(`cat ${file}`)] };
          yield { calls: [call('read_file', { path: file }), call('read_file', { path: `no/${n}` })] };
        }
        yield { calls: [call('no_such_tool'), bash('exit 3'), { name: 'bash', pieces: ['{"command":'] }] };
        yield { calls: [call('report_progress', { message: 'Half of it is **done**.' })] };
        yield { calls: [bash('echo token=ghp_0123456789abcdefghij0123456789abcdef by ada@example.com')] };
        yield { say: 'All tried.' };
      });
      return idIn(ended);
    }),

  'a-budget-and-a-conversation-made-shorter': (machine) =>
    withModel(machine, 'Print much.', async (run) => {
      // One call may cost up to ten cents.
      const denied = await run.begin(
        function* () {
          yield { say: 'Part 0.', calls: [bash('seq 100')], usage: { outputTokens: 100 } };
        },
        ['--budget', '0.105'],
      );
      const id = idIn(denied);
      const script: ModelScript = function* () {
        for (let n = 1; n <= 24; n += 1) {
          const sent = yield { say: `Part ${n}.`, calls: [bash(`seq ${n}000 ${n}700`)], usage: null };
          // What is to be summed up is told in words alone.
          if (!sent.some(({ kind }) => kind === 'result')) yield { say: SUMMARY };
        }
        yield { say: 'Printed.' };
      };
      await run.goOn(id, undefined, script, ['--budget', '50']);
      return id;
    }),
};

interface ScriptedRun {
  begin(script: ModelScript, more?: readonly string[]): Promise<Ended>;
  goOn(id: string, words: string | undefined, script: ModelScript, more?: readonly string[]): Promise<Ended>;
  /** While the session is worked on. */
  say(id: string, words: string): Promise<void>;
  stop(id: string): Promise<void>;
}

async function withModel(
  machine: Machine,
  task: string,
  work: (run: ScriptedRun) => Promise<string>,
): Promise<string> {
  const root = machine.makeRepository('fares', BROKEN_LIBRARY);

  async function swe(args: readonly string[], script: ModelScript): Promise<Ended> {
    const server = await openLoopbackOpenAi(played(script));
    const reached = { SWE_MODEL: SMALL.id, SWE_MODEL_BASE_URL: server.url };
    try {
      return await machine.swe(args, { ...settingsOn(machine), ...reached });
    } finally {
      await server.close();
    }
  }

  return work({
    begin: (script, options = []) => swe(['run', '--repo', root, '--task', task, ...options], script),
    goOn: (id, words, script, options = []) =>
      swe(['run', '--resume', id, ...(words === undefined ? [] : ['--task', words]), ...options], script),
    say: async (id, words) => void (await machine.swe(['run', '--resume', id, '--task', words, '--detach'])),
    stop: async (id) => void (await machine.swe(['stop', id])),
  });
}

function idIn({ stdout, stderr }: Ended): string {
  const [id] = /\bs[a-z2-7]{20}\b/.exec(stdout) ?? [];
  if (id === undefined) throw new Error(`no session in:\n${stdout}\n${stderr}`);
  return id;
}
