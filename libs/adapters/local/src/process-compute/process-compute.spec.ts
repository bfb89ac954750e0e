import { spawn, spawnSync } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import type { Clock } from '@swe/domain';
import { computeContract, expectFault, runContract } from '@swe/testing/contracts';
import { findMarked, findProcess, signalProcess, workerMark } from './marked-processes';
import { ProcessCompute } from './process-compute';
import type { ProcessComputeOptions } from './process-compute';

const clock: Clock = {
  nowMs: () => Date.now(),
  monotonicMs: () => performance.now(),
  sleep: (ms) => sleep(ms),
};
/** A worker with a child in a session of its own, which does not end when it is asked to. */
const STUBBORN = `
  const { spawn } = require('node:child_process');
  process.on('SIGTERM', () => process.exit(0));
  const stay = ['-e', "process.on('SIGTERM', () => undefined); setInterval(() => undefined, 1000)"];
  spawn(process.execPath, stay, { detached: true, stdio: 'ignore' }).unref();
  setInterval(() => undefined, 1000);
`;

let folder: string;
let program: string;
const used = new Set<string>();
const children = new Set<ChildProcess>();
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'swe-compute-'));
  program = process.execPath;
});
afterEach(async () => {
  children.forEach((child) => child.kill('SIGKILL'));
  children.clear();
  for (const workerId of used) await endAll(workerId);
  used.clear();
  rmSync(folder, { recursive: true });
});

/** Again until nobody is left: a worker may be starting its child while it is killed. */
async function endAll(workerId: string): Promise<void> {
  for (let left = findMarked(workerId); left.length > 0; left = findMarked(workerId)) {
    left.forEach((each) => signalProcess(each, 'SIGKILL'));
    await sleep(10);
  }
}

function open(options: Partial<ProcessComputeOptions> & { readonly script?: string } = {}): ProcessCompute {
  const { script = STUBBORN, ...others } = options;
  const command = (sessionId: string, generation: number) => {
    used.add(`${sessionId}.${generation}`);
    return [program, '-e', script] as const;
  };
  const environment = { PATH: process.env['PATH'] ?? '' };
  return new ProcessCompute({ folder, command, environment, clock, stopGraceMs: 2_000, ...others });
}

/** The worker and its child. */
async function whole(workerId: string): Promise<void> {
  while (findMarked(workerId).length < 2) await sleep(10);
}

const onLinux = process.platform === 'linux' ? describe : describe.skip;

onLinux('on Linux (elsewhere nobody can tell what a process was executed with)', () => {
  runContract('ProcessCompute', computeContract, () => ({
    subject: {
      compute: open(),
      // What it started counts with it.
      acting: async (sessionId, generation) => Math.min(1, findMarked(`${sessionId}.${generation}`).length),
      async crash(sessionId, generation) {
        await whole(`${sessionId}.${generation}`);
        const [worker] = findMarked(`${sessionId}.${generation}`).toSorted((a, b) => a.pid - b.pid);
        if (worker === undefined) return;
        signalProcess(worker, 'SIGKILL');
        while (findProcess(worker.pid) !== undefined) await sleep(10);
      },
      exhaust: () => (program = '/nowhere/node'),
    },
  }));

  it('managers that share a folder start one worker, and end it with all that it started', async () => {
    await Promise.all([open().ensure('s1', 1), open().ensure('s1', 1), open().ensure('s1', 1)]);
    await whole('s1.1');
    expect(findMarked('s1.1')).toHaveLength(2);
    expect(await open().confirmDead('s1', 1)).toBe(true);
    expect(findMarked('s1.1')).toEqual([]);
  });

  it('a worker outlives the manager that started it, and the next one finds it', async () => {
    const { workerId } = await open().ensure('s1', 1);
    expect(await open().describe('s1')).toMatchObject({ workerId, state: 'running' });
    expect(await open().stopStarted()).toBe(1);
    expect(await open().describe('s1')).toMatchObject({ state: 'stopped' });
    await open().terminate(workerId);
    expect(await open().describe('s1')).toBeUndefined();
  });

  it('a process that serves its session by itself is its worker, and ended as one', async () => {
    const child = spawn(process.execPath, ['-e', 'setInterval(() => undefined, 1000)'], { stdio: 'ignore' });
    const ended = new Promise((resolve) => child.once('exit', resolve));
    open().adopt('s1', 1, child.pid ?? 0);
    expect(await open().describe('s1')).toMatchObject({ generation: 1, state: 'running' });
    expect(() => open().adopt('s1', 1, process.pid)).toThrow('has a worker already');
    expect(await open().stopStarted()).toBe(0);
    expect(await open().confirmDead('s1', 1)).toBe(true);
    await ended;
    expect(await open().describe('s1')).toMatchObject({ state: 'stopped' });
  });

  it('one empty look at the process table proves no death', async () => {
    const blindOnce = (): typeof findMarked => {
      let looks = 0;
      return (workerId) => ((looks += 1) === 1 ? [] : findMarked(workerId));
    };
    await open().ensure('s1', 1);
    await whole('s1.1');
    const [worker] = findMarked('s1.1').toSorted((a, b) => a.pid - b.pid);
    if (worker !== undefined) signalProcess(worker, 'SIGKILL');
    while (findMarked('s1.1').length > 1) await sleep(10);
    expect(await open({ findMarked: blindOnce() }).confirmDead('s1', 1)).toBe(true);
    expect(findMarked('s1.1')).toEqual([]);
  });

  it('a worker that is just being started is waited for before it counts as dead', async () => {
    let dead: Promise<boolean> | undefined;
    const command = () => {
      used.add('s1.1');
      dead = open({ findMarked: () => [] }).confirmDead('s1', 1);
      return [program, '-e', 'setInterval(() => undefined, 1000)'] as const;
    };
    await open({ command }).ensure('s1', 1);
    expect(await dead).toBe(true);
    expect(findMarked('s1.1')).toEqual([]);
    await expectFault(open().ensure('s1', 1), 'conflict');
  });

  it('a worker that does not end when it is asked to is killed, with all its processes', async () => {
    const script = STUBBORN.replace('() => process.exit(0)', '() => undefined');
    const compute = open({ script, stopGraceMs: 100 });
    const { workerId } = await compute.ensure('s1', 1);
    await whole(workerId);
    await compute.stop(workerId);
    expect(findMarked(workerId)).toEqual([]);
    expect(await compute.describe('s1')).toMatchObject({ state: 'stopped' });
  });

  const python = spawnSync('python3', ['--version']).status === 0 ? it : it.skip;
  python(
    'a process whose first thread has ended lives on (skipped without python3, which can do that)',
    async () => {
      const script = [
        'import ctypes, threading, time',
        'threading.Thread(target=lambda: time.sleep(1000)).start()',
        'ctypes.CDLL(None).pthread_exit(None)',
      ].join('\n');
      used.add('s1.1');
      const env = { PATH: process.env['PATH'], ...workerMark('s1', 1) };
      const child = spawn('python3', ['-c', script], { env, stdio: 'ignore' });
      const ended = once(child, 'exit');
      const { pid = 0 } = child;
      const state = () => readFileSync(`/proc/${pid}/stat`, 'latin1').split(') ')[1]?.[0];
      while (state() !== 'Z') await sleep(10);
      expect(findProcess(pid)).toMatchObject({ pid });
      expect(findMarked('s1.1')).toMatchObject([{ pid }]);
      expect(await open().confirmDead('s1', 1)).toBe(true);
      await ended;
      expect(findProcess(pid)).toBeUndefined();
    },
  );

  it('a pid that is somebody else’s by now is left alone', () => {
    const { started } = findProcess(process.pid) ?? { started: '' };
    signalProcess({ pid: process.pid, started: `${started}0` }, 'SIGKILL');
    expect(findProcess(process.pid)?.started).toBe(started);
  });
});
