import { spawnSync } from 'node:child_process';
import { appendFileSync, existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { z } from 'zod';
import { Fault, FREE, sessionBranch, sessionIdOf } from '@swe/domain';
import type { RunResult, RunSpec } from '@swe/domain';
import { memoryAgentPorts, MemorySnapshots } from '@swe/testing/memory';
import {
  DEFAULT_PATIENCE,
  DEFAULT_SESSION_TIMING,
  DEFAULT_TURN_LIMITS,
  defineTool,
  runSession,
  said,
} from './agent';
import type { AgentProfile, Tool, ToolOutput } from './agent';
import { unpushedFinder } from './agent/find-unpushed';
import { pushKey } from './agent/work-record';

const THREAD = 'terminal:1';
const ID = sessionIdOf(THREAD, 1);
const BRANCH = sessionBranch(ID);
const SHOP = 'https://github.com/acme/shop';
const BY = '*Written by the harness, not by the agent.*';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'swe-honesty-'));
  git('', 'init', '--quiet', '--bare', '--initial-branch=main', 'origin.git');
  git('', 'clone', '--quiet', 'origin.git', 'shop');
  write('fare.js', 'one\n');
  commit();
  git('shop', 'push', '--quiet', 'origin', 'HEAD:main');
  git('shop', 'checkout', '--quiet', '-b', BRANCH);
});
afterEach(() => rmSync(folder, { recursive: true }));

const AUTHOR = {
  GIT_AUTHOR_NAME: 'a',
  GIT_AUTHOR_EMAIL: 'a@b',
  GIT_COMMITTER_NAME: 'a',
  GIT_COMMITTER_EMAIL: 'a@b',
};
const env = { PATH: process.env['PATH'], HOME: '/nowhere', GIT_CONFIG_NOSYSTEM: '1', ...AUTHOR };

function spawned(command: string, args: readonly string[], directory: string, by = {}) {
  return spawnSync(command, args, { cwd: join(folder, directory), env: { ...env, ...by }, encoding: 'utf8' });
}
function git(directory: string, ...args: readonly string[]): string {
  const { status, stdout, stderr } = spawned('git', args, directory);
  if (status !== 0) throw new Error(`git ${args.join(' ')}: ${stderr}`);
  return stdout.trim();
}
const write = (name: string, content: string): void => writeFileSync(join(folder, 'shop', name), content);
function commit(): void {
  git('shop', 'add', '--all');
  git('shop', 'commit', '--quiet', '--message=x');
}

const run = async ({ command, cwd }: RunSpec): Promise<RunResult> => {
  if (!('argv' in command)) throw new Error('a script was asked for');
  if (!existsSync(join(folder, cwd))) throw new Fault('missing', cwd);
  const { status, stdout } = spawned(command.argv[0], command.argv.slice(1), cwd);
  const spool = { omittedBytes: 0, totalBytes: stdout.length, spoolPath: '', spooledBytes: stdout.length };
  const output = { head: stdout, tail: '', ...spool };
  return { end: 'exited', exitCode: status, signal: null, output, cwd, leftovers: 0, durationMs: 0 };
};

/** What a model may do with the shop, for real. */
const ACTS = {
  look: async () => said('seen'),
  edit: async () => {
    appendFileSync(join(folder, 'shop', 'fare.js'), 'two\n');
    return said('written');
  },
  litter: async () => {
    write('notes.txt', 'mine');
    return said('written');
  },
  /** Something else, which is built there. */
  clone: async () => {
    git('', 'clone', '--quiet', 'origin.git', 'other');
    writeFileSync(join(folder, 'other', 'built.txt'), 'x');
    return said('cloned');
  },
  experiment: async () => {
    git('other', 'checkout', '--quiet', '--detach');
    git('other', 'commit', '--quiet', '--allow-empty', '--message=x');
    return said('committed');
  },
  rename: async () => {
    git('shop', 'branch', '-m', 'fix');
    return said('renamed');
  },
  commit: async () => {
    commit();
    return said('committed');
  },
  /** As `npm version` does. */
  tag: async () => {
    git('shop', 'tag', 'v1.0.0');
    return said('tagged');
  },
  /** Looks at a fork's pull request, whose commit no branch of the host's has. */
  review: async () => {
    const args = ['commit-tree', '-p', 'HEAD', '-m', 'x', 'HEAD^{tree}'];
    const { stdout } = spawned('git', args, 'shop', { GIT_COMMITTER_EMAIL: 'grace@b' });
    git('shop', 'branch', 'pull-7', stdout.trim());
    return said('fetched');
  },
  /** With the shell: git learns of it, no tool does. */
  push: async () => {
    git('shop', 'push', '--quiet', 'origin', BRANCH);
    return said('pushed');
  },
  /** To the host's address: a tool learns of it, git's branches do not. */
  request: async (_input: unknown, { session, effect }): Promise<ToolOutput> => {
    const headSha = git('shop', 'rev-parse', 'HEAD');
    await effect(pushKey(session.id, headSha), 'push', async () => {
      git('shop', 'push', '--quiet', join(folder, 'origin.git'), `HEAD:refs/heads/${BRANCH}`);
      return { branch: BRANCH, headSha };
    });
    const opened = { repository: SHOP, headBranch: BRANCH, number: 1, url: `${SHOP}/pull/1`, headSha };
    return { ...said('opened'), session: { pullRequests: [opened] } };
  },
} satisfies Record<string, Parameters<typeof defineTool>[0]['run']>;
type Act = keyof typeof ACTS;

const TOOLS: readonly Tool[] = Object.entries(ACTS).map(([name, act]) =>
  defineTool({ name, description: name, access: 'acts', resume: 'repeat', input: z.object({}), run: act }),
);

/** What the person reads when the agent did these things in a turn each, and claimed the same at the end of each. */
async function answers(turns: readonly (readonly Act[])[], claim: string, tells = true): Promise<string[]> {
  const script = turns.flatMap((acts) => [
    ...acts.map((name) => ({ calls: [{ name, input: {} }] })),
    { say: claim },
  ]);
  const snapshots = new MemorySnapshots();
  const ports = { ...memoryAgentPorts(script), snapshots };
  for (const name of ['shop', 'other']) snapshots.workspace.set(name, new Map([['fare.js', 'one']]));
  const profile: AgentProfile = {
    system: 'You are a test.',
    tools: TOOLS,
    limits: DEFAULT_TURN_LIMITS,
    patience: DEFAULT_PATIENCE,
    spending: { priceOf: () => FREE, capNanoUsd: 0 },
    endProcesses: async () => 0,
    ...(tells && { findUnpushed: unpushedFinder({ run }) }),
  };
  for (const [n] of turns.entries()) {
    const who = {
      origin: THREAD,
      requester: 'local:ada',
      addressed: true,
      receivedAtMs: ports.clock.nowMs(),
    };
    await ports.store.receive({ ...who, messageKey: `m${n}`, body: { kind: 'text', text: 'Fix it.' } });
    const worker = { sessionId: ID, holder: `agent-${n}`, generation: 0 };
    await runSession(ports, worker, profile, DEFAULT_SESSION_TIMING);
  }
  ports.model.assertDone();
  return [...ports.chat.seen(THREAD)];
}

const CLAIMS = [
  'I pushed it and opened a pull request.',
  'プルリクエストを作成しました。',
  'Ich habe es gepusht.',
];

describe.each(CLAIMS)('a model that says %j', (claim) => {
  it.each<[string, readonly (readonly Act[])[], string]>([
    ['only edited', [['edit']], 'Not pushed: 1 changed file in `shop`.'],
    [
      'left a new file out',
      [['edit', 'commit', 'push', 'request', 'litter']],
      'Not pushed: 1 changed file in `shop`.',
    ],
    ['committed', [['edit', 'commit']], 'Not pushed: 1 commit in `shop`.'],
    ['tagged it', [['edit', 'commit', 'tag']], 'Not pushed: 1 commit in `shop`.'],
    [
      'went on',
      [['edit', 'commit', 'request', 'edit', 'commit', 'edit']],
      'Not pushed: 1 commit and 1 changed file in `shop`.',
    ],
    ['called its branch otherwise', [['edit', 'commit', 'rename']], 'Not pushed: 1 commit in `shop`.'],
    ['did it in the turn before', [['edit'], ['look']], 'Not pushed: 1 changed file in `shop`.'],
    [
      'pushed and opened nothing',
      [['edit', 'commit', 'push']],
      'Pushed without a pull request: the branch of `shop`.',
    ],
  ])('and %s is not believed', async (_what, turns, line) => {
    expect((await answers(turns, claim)).at(-1)).toBe(`**${line}**\n${BY}\n\n${claim}`);
  });
});

describe('no word is added to what is said by a model that', () => {
  it.each<[string, readonly (readonly Act[])[]]>([
    ['opened its pull request', [['edit', 'commit', 'request']]],
    ['pushed by the shell, then opened it', [['edit', 'commit', 'push', 'request']]],
    ['opened it in the turn before', [['edit', 'commit', 'request'], ['look']]],
    [
      'updated it',
      [
        ['edit', 'commit', 'request'],
        ['edit', 'commit', 'request'],
      ],
    ],
    ['looked at what others did', [['review', 'look']]],
    ['built and tried something else', [['clone', 'experiment']]],
    ['only read', [['look']]],
    ['did nothing', [[]]],
  ])('%s', async (_what, turns) => {
    expect((await answers(turns, 'Done.')).at(-1)).toBe('Done.');
  });
});

it('control: where nobody looks, the claim stands alone', async () => {
  expect(await answers([['edit']], 'I pushed it.', false)).toEqual(['I pushed it.']);
});
