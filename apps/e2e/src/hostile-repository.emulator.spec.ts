import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { lastResults, openLoopbackOpenAi, wordsOfUser } from '@swe/testing/servers';
import type { LoopbackCall, LoopbackServer } from '@swe/testing/servers';
import {
  BIG_BYTES,
  makeHollowRepository,
  makeHostileRepository,
  NEW_LINE_NAME,
  openCanary,
  springTraps,
} from './hostile-repository';
import type { Canary } from './hostile-repository';
import { bash, call, found, played } from './scripted-model';
import type { ModelScript } from './scripted-model';
import { openMachine } from './swe';
import type { Machine, Running } from './swe';

jest.setTimeout(400_000);

/** Of a checkpoint of all its files, too: at their full number it takes about 430. */
const MAX_RESIDENT_MB = 550;
const MODEL = ['--model', 'openai-compatible/any'];
const OUTSIDE = /outside the workspace/;

const onLinux = process.platform === 'linux' ? describe : describe.skip;

onLinux('a hostile repository (skipped off Linux: other file systems refuse its names)', () => {
  let machine: Machine;
  let canary: Canary;
  let server: LoopbackServer | undefined;
  beforeEach(() => {
    machine = openMachine();
    canary = openCanary(machine);
  });
  afterEach(async () => {
    machine.close();
    await server?.close();
  });

  it('is worked on like any other: nothing of it runs, nothing leaves the workspace, memory stays bounded', async () => {
    const root = await makeHostileRepository(machine, canary);
    const results = new Map<string, string>();
    server = await openLoopbackOpenAi(played(examination(results)));
    const args = ['run', '--repo', root, '--task', 'Look at everything.', '--json', ...MODEL];
    const run = machine.start(args, { SWE_MODEL_BASE_URL: server.url });
    const peak = watchPeak(run);
    const ended = await run.ended;

    expect(canary.traces()).toEqual([]);
    expect(ended.stdout.slice(-2_000)).toContain('"exitCode":0');
    expect(peak()).toBeGreaterThan(0);
    expect(peak()).toBeLessThan(MAX_RESIDENT_MB);
    for (const [name, , says] of EXPECTED) {
      expect({ name, result: ends(results.get(name)) }).toEqual({
        name,
        result: expect.stringMatching(says),
      });
    }

    springTraps(machine, root);
    expect(canary.traces()).toEqual(expect.arrayContaining(['clean', 'fsmonitor']));
  });

  it('with missing objects that a command of its own would bring is refused, and the command does not run', async () => {
    const root = makeHollowRepository(machine, canary);
    const args = ['run', '--repo', root, '--task', 'Look.', '--model', 'rehearsal/fix-failing-test'];
    const run = await machine.swe(args);
    expect(canary.traces()).toEqual([]);
    expect(run).toMatchObject({
      exitCode: 2,
      stderr: expect.stringMatching(/^swe: .*hollow cannot be read/),
    });

    springTraps(machine, root);
    expect(canary.traces()).toEqual(['lazy-fetch']);
  });
});

const EXPECTED: readonly (readonly [name: string, call: LoopbackCall, says: RegExp])[] = [
  ['a listing of all', call('list_files', { path: 'hostile', depth: 8 }), /cut at 500 entries/],
  [
    'a listing of many',
    call('list_files', { path: 'hostile/many' }),
    /^file-0\.txt\n[^]*\[cut at 500 entries/,
  ],
  ['a listing through a link up', call('list_files', { path: 'hostile/link-up' }), OUTSIDE],
  ['a listing of the root', call('list_files', { path: 'hostile/link-root' }), OUTSIDE],
  ['a search of all', call('search', { pattern: 'needle' }), /notes\.md:1:A needle/],
  [
    'a search in many',
    call('search', { pattern: 'one of', path: 'hostile/many' }),
    /^hostile\/many\/file-0\.txt:1:one of many\n/,
  ],
  ['a search in the big file', call('search', { pattern: 'needle', path: 'hostile/big.txt' }), /No match/],
  ['a search through a link', call('search', { pattern: 'root', path: 'hostile/link-root' }), /is a link/],
  ['the big file', call('read_file', { path: 'hostile/big.txt' }), /^1\thay [^]*hay  \[line cut\]$/],
  [
    'the end of the big file',
    call('read_file', { path: 'hostile/big.txt', startLine: 2 }),
    /has only 1 lines/,
  ],
  ['a link out', call('read_file', { path: 'hostile/link-file' }), OUTSIDE],
  ['a file behind a link out', call('read_file', { path: 'hostile/link-root/etc/passwd' }), OUTSIDE],
  ['a link to itself', call('read_file', { path: 'hostile/link-loop' }), /link-loop/],
  ['a picture behind a link', call('view_file', { path: 'hostile/link-file' }), OUTSIDE],
  [
    'a name of two lines',
    call('read_file', { path: `hostile/${NEW_LINE_NAME}` }),
    /^1\tbelow a name of two lines$/,
  ],
  ['a name that is no UTF-8', call('read_file', { path: 'hostile/latin-\uFFFD.txt' }), /latin-/],
  [
    'a file written out',
    call('write_file', { path: 'hostile/link-canary/canary/written', content: 'x' }),
    OUTSIDE,
  ],
  ['a sparse file', bash(`truncate -s ${BIG_BYTES} sparse.bin`), /exit code 0/],
  ['the sparse file', call('read_file', { path: 'sparse.bin' }), /is a binary file/],
  [
    'the state',
    bash('cd hostile && git status --porcelain'),
    /^warning: ignoring 'submodule\.b\.url'.*\n\n\[exit code 0/,
  ],
  [
    'a buried repository',
    call('open_pull_request', { directory: 'hostile/buried', title: 'x', body: 'x' }),
    /^git config failed/,
  ],
];

function examination(results: Map<string, string>): ModelScript {
  return function* (first) {
    const repository = found(/(forge:\/\/\S+)/, wordsOfUser(first)[0]);
    yield { calls: [call('clone_repository', { repository })] };
    for (const [name, each] of EXPECTED) results.set(name, lastResults(yield { calls: [each] }).at(-1) ?? '');
    const edit = { oldText: 'A needle', newText: 'No needle' };
    yield { calls: [call('edit_file', { path: 'hostile/notes.md', edits: [edit] })] };
    yield { calls: [bash('git commit --quiet --all --message="Find no needle" && git diff HEAD~1 --stat')] };
    yield {
      calls: [call('open_pull_request', { directory: 'hostile', title: 'No needle', body: 'Looked.' })],
    };
    yield { say: 'Done.' };
  };
}

/** Enough of a long result to tell by. */
function ends(result = ''): string {
  return result.length > 600 ? `${result.slice(0, 300)}\n...\n${result.slice(-300)}` : result;
}

/** The most memory that the process held so far, in MB, as the kernel counts it. Looked at whenever it prints. */
function watchPeak({ child }: Running): () => number {
  let peakMb = 0;
  child.stdout?.on('data', () => {
    peakMb = Math.max(peakMb, peakOf(child.pid));
  });
  return () => peakMb;
}

/** `VmHWM`: https://man7.org/linux/man-pages/man5/proc_pid_status.5.html. 0 when the process has gone. */
function peakOf(pid: number | undefined): number {
  try {
    const status = readFileSync(join('/proc', String(pid), 'status'), 'utf8');
    return Number(/^VmHWM:\s+(\d+) kB/m.exec(status)?.[1] ?? 0) / 1024;
  } catch {
    return 0;
  }
}
