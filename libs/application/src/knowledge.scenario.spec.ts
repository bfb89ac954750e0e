import { expect, it } from '@jest/globals';
import { createHash } from 'node:crypto';
import { FREE, textOf, toNanoUsd } from '@swe/domain';
import type { ModelMessage, ModelRequest, RunResult, RunSpec } from '@swe/domain';
import {
  MemoryAccess,
  memoryAgentPorts,
  MemoryRepoHost,
  MemoryWorkspace,
  silentLogger,
} from '@swe/testing/memory';
import type { ScriptedTurn } from '@swe/testing/memory';
import { DEFAULT_PATIENCE, DEFAULT_TURN_LIMITS, runSession } from './agent';
import type { AgentPorts, AgentProfile } from './agent';
import { briefer } from './agent/knowledge/briefer';
import { readAgents } from './agent/knowledge/read-organisation';
import { ruleLoader } from './agent/knowledge/rule-loader';
import { handleChatEvent } from './ingress';
import { listFiles } from './tools/list-files';
import { readFile } from './tools/read-file';
import { writeFile } from './tools/write-file';

const THREAD = 'slack:T/C/1.1';
const ADA = 'slack:T/UADA';

const hash = (text: string): string => createHash('sha1').update(text).digest('hex');

/** Git of a working copy whose base branch has these files: it knows what the rule loader asks for. */
function gitOf(files: Readonly<Record<string, string>>, asked: string[]) {
  return async ({ command, cwd }: RunSpec): Promise<RunResult> => {
    const args = 'argv' in command ? command.argv.slice(4) : [];
    const isList = args.includes('--');
    asked.push(isList ? 'list' : args.slice(2).join(' '));
    const listed = Object.entries(files).map(
      ([path, text]) => `:000000 100644 ${'0'.repeat(40)} ${hash(text)} A\0${path}\0`,
    );
    const read = args.slice(2).map((path) => {
      const text = files[path];
      return text === undefined ? 'x missing\n\0' : `${hash(text)} blob ${text.length}\n${text}\n\0`;
    });
    const head = isList ? [`${hash('commit')}\0`, ...listed].join('') : read.join('');
    const output = { head, tail: '', omittedBytes: 0, totalBytes: 0, spoolPath: '', spooledBytes: 0 };
    return { end: 'exited', exitCode: 0, signal: null, output, cwd, leftovers: 0, durationMs: 0 };
  };
}

interface WorldOptions {
  readonly base?: Readonly<Record<string, string>>;
  readonly organisation?: Readonly<Record<string, string>>;
  readonly ingressKnowsAgents?: boolean;
}

/** A Slack thread, and machines that work on its session one after the other. */
function open(
  answers: readonly ScriptedTurn[],
  { base = {}, organisation = {}, ingressKnowsAgents = true }: WorldOptions,
) {
  const { model, ...others } = memoryAgentPorts(answers);
  const { store, ledger, bus, chat, clock } = others;
  const workspace = new MemoryWorkspace();
  const folder = new MemoryWorkspace('/organisation');
  const asked: string[] = [];
  workspace.put('/workspace/shop/.git/HEAD', '');
  for (const [path, text] of Object.entries(base)) workspace.put(`/workspace/shop/${path}`, text);
  for (const [path, text] of Object.entries(organisation)) folder.put(`/organisation/${path}`, text);
  const opened: string[] = [];
  const repoHost = new MemoryRepoHost();
  repoHost.addRepository('forge://shop');
  const ports: AgentPorts = {
    ...others,
    openModel: async (id) => {
      opened.push(id);
      return model;
    },
  };
  const newProfile = (): AgentProfile => ({
    system: 'You are a test.\n',
    tools: [readFile(workspace), writeFile(workspace), listFiles(workspace)],
    limits: DEFAULT_TURN_LIMITS,
    patience: DEFAULT_PATIENCE,
    spending: { priceOf: () => FREE, capNanoUsd: toNanoUsd(1) },
    brief: briefer(folder, workspace),
    loadRules: ruleLoader({
      processes: { run: gitOf(base, asked) },
      workspace,
      logger: silentLogger,
      repoHost,
    }),
    endProcesses: async () => 0,
  });
  let messages = 0;
  let machines = 0;
  return {
    ...{ model, workspace, folder, asked, opened },
    async say(text: string) {
      messages += 1;
      const rules = {
        ...{ admins: undefined, allowedBots: [], catalog: [], models: [], providers: [], capNanoUsd: 1 },
        ...(ingressKnowsAgents && { readAgents: () => readAgents(folder) }),
      };
      await handleChatEvent(
        { store, ledger, access: new MemoryAccess(), bus, clock, logger: silentLogger },
        rules,
        {
          ...{ kind: 'said', text, files: [], isAddressed: true, isBot: false },
          ...{ origin: THREAD, requester: ADA, workspace: 'slack:T' },
          ...{ messageKey: `slack:T/C/1.${messages}`, receivedAtMs: clock.nowMs() },
        },
      );
    },
    /** A machine that knows nothing but what is stored. */
    async work() {
      const session = (await store.findSession(THREAD))!;
      machines += 1;
      const { id, revision } = session;
      await store.change(id, revision, { generation: machines, repositories: ['forge://shop'] });
      const worker = { sessionId: id, holder: `agent-${machines}`, generation: machines };
      return runSession(ports, worker, newProfile());
    },
    posts: () => chat.seen(THREAD),
  };
}

const calls = (...made: readonly (readonly [string, Record<string, string>])[]): ScriptedTurn => ({
  calls: made.map(([name, input]) => ({ name, input })),
});
const done: ScriptedTurn = { say: 'Done.' };

/** What the results of a request say, one by one. */
function resultsOf({ messages }: ModelRequest): readonly string[] {
  return messages.flatMap(({ content }: ModelMessage) =>
    content.flatMap((part) => (part.type === 'tool-result' ? textOf(part.content) : [])),
  );
}

it('rules come once, with the result that first touches their folder, and nothing before it changes', async () => {
  const base = { 'AGENTS.md': 'Use tabs.', 'web/AGENTS.md': 'Use React.', 'web/a.ts': 'a' };
  const world = open(
    [
      calls(['read_file', { path: 'shop/AGENTS.md' }], ['list_files', { path: 'shop' }]),
      calls(
        ['write_file', { path: 'shop/web/a.ts', content: 'b' }],
        ['read_file', { path: 'shop/web/a.ts' }],
      ),
      done,
      calls(['read_file', { path: 'shop/web/a.ts' }]),
      done,
    ],
    { base },
  );
  await world.say('Fix the fare.');
  await world.work();
  const [, second, third] = world.model.requests;
  const bySecond = resultsOf(second!);
  expect(bySecond.filter((text) => text.includes('<rules path="shop/AGENTS.md">\nUse tabs.'))).toHaveLength(
    1,
  );
  expect(bySecond.join()).not.toContain('Use React.');
  const byThird = resultsOf(third!);
  expect(byThird.slice(0, 2)).toEqual(bySecond);
  expect(byThird.slice(2).filter((text) => text.includes('Use React.'))).toHaveLength(1);

  // Another machine, on which nothing of this is in memory.
  await world.say('And?');
  const asked = world.asked.length;
  await world.work();
  expect(resultsOf(world.model.requests.at(-1)!).filter((text) => text.includes('Use React.'))).toHaveLength(
    1,
  );
  expect(world.asked.slice(asked)).toEqual(['list']);
  world.model.assertDone();
});

it('an organisation’s words and skills are told from the start, and stay as they were', async () => {
  const skill = '---\nname: deploy\ndescription: Deploys to staging.\n---\nRun make deploy.';
  const organisation = {
    'prompt.md': 'We write tests first.',
    'skills/deploy/SKILL.md': skill,
    'skills/deploy/scripts/run.sh': 'make deploy',
  };
  const world = open(
    [calls(['read_file', { path: '.swe/organisation/skills/deploy/SKILL.md' }]), done, done],
    { organisation },
  );
  await world.say('Deploy it.');
  await world.work();
  const [first, second] = world.model.requests;
  expect(first!.system).toBe(`You are a test.

# What your organisation tells you
We write tests first.
Skills, to be read with read_file before you do what they are for:
- deploy: Deploys to staging. (.swe/organisation/skills/deploy/SKILL.md)
`);
  expect(resultsOf(second!).join()).toContain('Run make deploy.');
  const script = await world.workspace.read('.swe/organisation/skills/deploy/scripts/run.sh');
  expect(new TextDecoder().decode(script.bytes)).toBe('make deploy');

  world.folder.put('/organisation/prompt.md', 'We never test.');
  await world.say('And?');
  await world.work();
  expect(world.model.requests.at(-1)!.system).toBe(first!.system);
});

it('an agent is chosen by its name from the next turn on: its words, its tools, its model', async () => {
  const reviewer =
    '---\nname: x\ndescription: Reviews.\ntools: Read, list_files\nmodel: anthropic/small\n---\nChange nothing.';
  const world = open([done, calls(['write_file', { path: 'a', content: '' }]), done, done, done], {
    organisation: { 'agents/reviewer.md': reviewer },
  });
  await world.say('Look at it.');
  await world.work();
  await world.say('agent reviewer');
  await world.say('Go on.');
  await world.work();
  const [before, , after] = world.model.requests;
  expect(before!.system).toBe('You are a test.\n');
  expect(after!.system).toBe('You are a test.\n\n# Your part: reviewer\nChange nothing.\n');
  expect(after!.tools.map(({ name }) => name)).toEqual(['read_file', 'list_files']);
  expect(resultsOf(after!)).toEqual([expect.stringContaining('There is no tool named "write_file".')]);
  expect(world.opened).toEqual(['anthropic/small']);

  // What was chosen is what was read then.
  world.folder.put('/organisation/agents/reviewer.md', 'Change everything.');
  await world.say('Go on.');
  await world.work();
  expect(world.model.requests.at(-1)!.system).toBe(after!.system);
  await world.say('agent default');
  await world.say('Go on.');
  await world.work();
  expect(world.model.requests.at(-1)!.system).toBe(before!.system);
  expect(world.model.requests.at(-1)!.tools).toHaveLength(3);
  world.model.assertDone();
});

it('a name that only the agent’s machine finds to be nobody’s changes nothing, and is told once', async () => {
  const organisation = { 'agents/b.md': 'B.', 'agents/c.md': 'C.' };
  const world = open([done, done], { organisation, ingressKnowsAgents: false });
  await world.say('Look at it.');
  await world.say('agent a');
  await world.work();
  await world.say('Go on.');
  await world.work();
  const told = world.posts().filter((post) => post.includes('There is no agent `a`'));
  expect(told).toEqual(['There is no agent `a`. There are: `b`, `c`.']);
  expect(world.model.requests.map(({ system }) => system)).toEqual(Array(2).fill('You are a test.\n'));
});
