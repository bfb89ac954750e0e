import { expect } from '@jest/globals';
import type { Command, OutputChunk, Processes, ProcessSpec, RunSpec } from '@swe/domain';
import { expectFault } from './expect-fault';
import type { Contract } from './run-contract';

export interface ProcessesSubject {
  readonly processes: Processes;
  /** The workspace's root, as `pwd -P` prints it. */
  readonly root: string;
  /** All the environment that the adapter was given. */
  readonly environment: Readonly<Record<string, string>>;
  readonly maxSpoolBytes: number;
  /** How much the volume clause prints: 1 GB, less for an adapter that is to fail it. */
  readonly volumeBytes: number;
  /** A file in the workspace; undefined as long as it does not exist. */
  file(path: string): Promise<Uint8Array | undefined>;
  isAlive(pid: number): boolean;
  /** Lets `ms` pass where time is a double's; real time passes by itself. */
  elapse(ms: number): Promise<void>;
}

/** The scripts that the clauses run. Doubles know them by their text. */
export const SCRIPT = {
  exits: 'exit 137',
  killsItself: 'kill -KILL $$',
  volume: (bytes: number) => `echo first; head -c ${bytes} /dev/zero; echo last`,
  movesOn: 'mkdir -p deep/er && cd deep/er',
  /** One child in its group, one in a group of its own; both pids in the file `pids` once both live. */
  family: 'sleep 600 & a=$!; set -m; sleep 600 & echo "$a $!" >pids.new; mv pids.new pids; wait',
  leaves: 'sleep 600 & echo $!',
  echoes: 'echo "one é"; read -r line; echo "two $line"; exit 3',
} as const;

const AWKWARD_ARGUMENTS = [
  '',
  ' ',
  '"',
  "'",
  '$(id)',
  '`id`',
  '$&',
  '$HOME',
  '*',
  'a\nb',
  '\\n',
  '-n',
  '; id',
  'é\u{1F600}',
];
const PREVIEW_BYTES = 4096;
/**
 * When to call it a hang. Not an assertion on time, and so far longer than any promise: no machine is slow enough to
 * fail by it. That an end takes two seconds at most is arithmetic over an adapter's own limits, and tested there.
 */
const PATIENCE_MS = 10_000;
const MIB = 1024 * 1024;

export const processesContract = {
  async "a program's arguments arrive unchanged, whatever characters they hold"({ processes }) {
    const command = { argv: ['printf', '[%s]', ...AWKWARD_ARGUMENTS] } as const;
    const { output } = await processes.run(runSpec(command), new AbortController().signal);
    expect(output.head).toBe(AWKWARD_ARGUMENTS.map((argument) => `[${argument}]`).join(''));
  },

  async 'the exit code and the signal are told apart'({ processes }) {
    const run = (script: string) => processes.run(runSpec({ script }), new AbortController().signal);
    expect(await run(SCRIPT.exits)).toMatchObject({ end: 'exited', exitCode: 137, signal: null });
    expect(await run(SCRIPT.killsItself)).toMatchObject({ end: 'exited', exitCode: null, signal: 'SIGKILL' });
  },

  async 'output of 1 GB costs bounded memory; head and tail stay, the spool holds the rest up to its limit'(
    subject,
  ) {
    const { volumeBytes, maxSpoolBytes } = subject;
    const memory = watchMemory();
    const { output } = await subject.processes
      .run(runSpec({ script: SCRIPT.volume(volumeBytes) }), new AbortController().signal)
      .finally(memory.stop);
    expect(memory.grownBytes()).toBeLessThan(volumeBytes / 4);
    expect(output.head.startsWith('first\n')).toBe(true);
    expect(output.tail.endsWith('\0last\n')).toBe(true);
    expect(output.head.length + output.tail.length).toBeLessThanOrEqual(PREVIEW_BYTES);
    expect(output.head.length + output.omittedBytes + output.tail.length).toBe(output.totalBytes);
    expect(output.totalBytes).toBe(volumeBytes + 'first\nlast\n'.length);
    expect(output.spooledBytes).toBe(maxSpoolBytes);
    expect((await subject.file(output.spoolPath))?.length).toBe(maxSpoolBytes);
  },

  async 'binary output and invalid UTF-8 survive in the spool'(subject) {
    const command = { argv: ['printf', '\\377\\376\\000\\303x'] } as const;
    const { output } = await subject.processes.run(runSpec(command), new AbortController().signal);
    expect(output).toMatchObject({ head: '\uFFFD\uFFFD\0\uFFFDx', tail: '', totalBytes: 5, spooledBytes: 5 });
    expect([...((await subject.file(output.spoolPath)) ?? [])]).toEqual([0xff, 0xfe, 0x00, 0xc3, 0x78]);
    const text = await subject.processes.run(
      runSpec({ argv: ['printf', 'x'] }),
      new AbortController().signal,
    );
    expect(text.output).toMatchObject({ head: 'x', totalBytes: 1, spooledBytes: 0 });
    expect(await subject.file(text.output.spoolPath)).toBeUndefined();
  },

  async 'a named spool is in the spool directory under its name'(subject) {
    const { processes } = subject;
    const command = { argv: ['printf', '\\377\\376\\000\\303x'] } as const;
    const spec = { ...runSpec(command), spoolName: 'call-1-2' };
    const { output } = await processes.run(spec, new AbortController().signal);
    expect(output.spoolPath).toBe(`${processes.spoolDirectory}/call-1-2.log`);
    expect((await subject.file(output.spoolPath))?.length).toBe(5);
  },

  async "a script's last working directory is reported"({ processes, root }) {
    const signal = new AbortController().signal;
    const moved = await processes.run(runSpec({ script: SCRIPT.movesOn }), signal);
    expect(moved.cwd).toBe(`${root}/deep/er`);
    const stayed = await processes.run({ ...runSpec({ argv: ['printf', 'x'] }), cwd: 'deep' }, signal);
    expect(stayed.cwd).toBe(`${root}/deep`);
  },

  async "nothing of the parent's environment is seen but what the adapter was given"(subject) {
    const env = { GIVEN_HERE: 'a=b' };
    const { output } = await subject.processes.run(
      { ...runSpec({ argv: ['env'] }), env },
      new AbortController().signal,
    );
    const lines = output.head.split('\n').filter((line) => line !== '' && !line.startsWith('SWE_'));
    const given = Object.entries({ ...subject.environment, ...env }).map(
      ([name, value]) => `${name}=${value}`,
    );
    expect(lines.toSorted()).toEqual(given.toSorted());
  },

  async 'a timeout ends the whole process tree, grandchildren included'(subject) {
    const timeoutMs = 2_000;
    const run = subject.processes.run(
      { ...runSpec({ script: SCRIPT.family }), timeoutMs },
      new AbortController().signal,
    );
    const pids = await familyOf(subject);
    await subject.elapse(timeoutMs);
    expect(await soon(run)).toMatchObject({ end: 'timed-out', exitCode: null });
    expectDead(subject, pids);
  },

  async 'an abort ends the whole process tree, grandchildren included, within two seconds'(subject) {
    const abort = new AbortController();
    const run = subject.processes.run(runSpec({ script: SCRIPT.family }), abort.signal);
    const pids = await familyOf(subject);
    abort.abort();
    expect(await soon(run)).toMatchObject({ end: 'cancelled', exitCode: null });
    expectDead(subject, pids);
  },

  async 'what a finished command left running is ended and counted'(subject) {
    const run = subject.processes.run(runSpec({ script: SCRIPT.leaves }), new AbortController().signal);
    const { output, ...result } = await soon(run);
    expect(result).toMatchObject({ end: 'exited', exitCode: 0, leftovers: 1 });
    expectDead(subject, [Number(output.head)]);
  },

  async 'a program that does not exist is `missing`; a working directory outside the root is `denied`'({
    processes,
  }) {
    const signal = new AbortController().signal;
    const nowhere = { argv: ['no-such-program-here', 'x'] } as const;
    await expectFault(processes.run(runSpec(nowhere), signal), 'missing');
    await expectFault(processes.start(runSpec(nowhere)), 'missing');
    for (const cwd of ['..', '/', 'a/../../b']) {
      await expectFault(processes.run({ ...runSpec({ argv: ['env'] }), cwd }, signal), 'denied');
      await expectFault(processes.start({ ...runSpec({ argv: ['env'] }), cwd }), 'denied');
    }
  },

  async "a started process's later output is read from an offset"({ processes }) {
    const id = await processes.start(runSpec({ script: SCRIPT.echoes }));
    const first = await until(() => processes.output(id, 0, MIB), endsWith('é\n'));
    expect(first).toEqual({ text: 'one é\n', nextOffset: 7, state: RUNNING });
    expect(await processes.output(id, 0, 5)).toEqual({ text: 'one ', nextOffset: 4, state: RUNNING });
    await processes.input(id, 'more\n');
    const second = await until(() => processes.output(id, 7, MIB), hasEnded);
    expect(second).toEqual({
      text: 'two more\n',
      nextOffset: 16,
      state: { running: false, exitCode: 3, signal: null },
    });
    expect(await processes.output(id, 16, MIB)).toMatchObject({ text: '', nextOffset: 16 });
  },

  async 'a started process takes input'({ processes }) {
    const id = await processes.start(runSpec({ script: SCRIPT.echoes }));
    await processes.input(id, '$& "wo');
    await processes.input(id, 'rds"\n');
    const { text } = await until(() => processes.output(id, 0, MIB), hasEnded);
    expect(text).toBe('one é\ntwo $& "words"\n');
    await expectFault(processes.input(id, 'too late\n'), 'conflict');
  },

  async '`kill` ends a started process and its tree; killing it again is harmless'(subject) {
    const id = await subject.processes.start(runSpec({ script: SCRIPT.family }));
    const pids = await familyOf(subject);
    await soon(subject.processes.kill(id));
    expectDead(subject, pids);
    await soon(subject.processes.kill(id));
    await expectFault(subject.processes.output(id, 0, 1), 'missing');
  },

  async 'an unknown process is `missing`'({ processes }) {
    await expectFault(processes.output('nobody', 0, 1), 'missing');
    await expectFault(processes.input('nobody', 'x'), 'missing');
    await expectFault(processes.kill('nobody'), 'missing');
  },
} satisfies Contract<ProcessesSubject>;

const RUNNING = { running: true, exitCode: null, signal: null };
const endsWith = (end: string) => (chunk: OutputChunk) => chunk.text.endsWith(end);
const hasEnded = (chunk: OutputChunk) => !chunk.state.running;

function runSpec(command: Command): ProcessSpec & RunSpec {
  return { command, cwd: '.', timeoutMs: 60_000, previewBytes: PREVIEW_BYTES };
}

/** The pids of the two grandchildren, once they live. */
async function familyOf(subject: ProcessesSubject): Promise<readonly number[]> {
  const pids = await until(
    () => subject.file('pids'),
    (bytes) => bytes !== undefined,
  );
  const family = new TextDecoder().decode(pids).trim().split(' ').map(Number);
  expect(family.map((pid) => subject.isAlive(pid))).toEqual([true, true]);
  return family;
}

function expectDead(subject: ProcessesSubject, pids: readonly number[]): void {
  expect(pids.filter((pid) => Number.isNaN(pid) || subject.isAlive(pid))).toEqual([]);
}

/**
 * Asks again until the answer will do. No event tells of what a real process did to the world, so its state is polled;
 * the pause between two looks is no wait for time to pass.
 */
async function until<T>(ask: () => Promise<T>, willDo: (answer: T) => boolean): Promise<T> {
  for (const endMs = performance.now() + PATIENCE_MS; performance.now() < endMs;) {
    const answer = await ask();
    if (willDo(answer)) return answer;
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
  throw new Error('waited in vain');
}

async function soon<T>(promise: Promise<T>): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error('it hangs')), PATIENCE_MS);
  });
  return Promise.race([promise, late]).finally(() => clearTimeout(timer));
}

/** How much more memory than at the start was resident at any time until `stop`. */
function watchMemory() {
  const before = process.memoryUsage.rss();
  let peak = before;
  const look = () => (peak = Math.max(peak, process.memoryUsage.rss()));
  const timer = setInterval(look, 10);
  const stop = () => {
    look();
    clearInterval(timer);
  };
  return { stop, grownBytes: () => peak - before };
}
