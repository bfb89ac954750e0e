import { readdirSync, readFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { BROKEN_LIBRARY } from './broken-library';
import { openMachine } from './swe';
import type { Machine, Running } from './swe';

const SWE_MODEL = 'rehearsal/fix-failing-test';

let machine: Machine;
let manager: Running | undefined;
beforeEach(() => {
  machine = openMachine();
});
afterEach(async () => {
  manager?.child.kill('SIGINT');
  await manager?.ended;
  manager = undefined;
  machine.close();
});

async function submit(): Promise<string> {
  const root = machine.makeRepository('fares', BROKEN_LIBRARY);
  const args = ['run', '--detach', '--repo', root, '--task', 'The fare is wrong. Fix it.'];
  const { stdout, exitCode } = await machine.swe(args);
  expect(exitCode).toBe(0);
  return stdout.split(' ')[0] ?? '';
}

async function shown(sessionId: string, words: string): Promise<string> {
  for (;;) {
    const { stdout } = await machine.swe(['show', sessionId]);
    if (stdout.includes(words)) return stdout;
    // Each look is a process of its own.
    await sleep(500);
  }
}

/** The processes of a session's workers: they, and what they execute, bear its mark. */
function processesOf(sessionId: string): readonly number[] {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .filter((pid) => environmentOf(pid).some((line) => line.startsWith(`SWE_WORKER=${sessionId}.`)))
    .map(Number);
}

function environmentOf(pid: string): readonly string[] {
  try {
    return readFileSync(`/proc/${pid}/environ`, 'latin1').split('\0');
  } catch {
    return [];
  }
}

const times = (text: string, words: string): number => text.split(words).length - 1;
const onLinux = process.platform === 'linux' ? describe : describe.skip;

onLinux('swe up (Linux, where a worker’s processes are found by their mark)', () => {
  it('works on what was left to it, and leaves nothing running when it ends', async () => {
    const sessionId = await submit();
    manager = machine.start(['up'], { SWE_MODEL });
    const transcript = await shown(sessionId, 'Answered.');
    expect(transcript).toContain('open_pull_request');
    expect(transcript).toMatch(/pull requests +forge:\/\/fares\/pulls\/1\n/);
    expect(processesOf(sessionId).length).toBeGreaterThan(0);
    manager.child.kill('SIGINT');
    expect(await manager.ended).toMatchObject({
      exitCode: 0,
      stdout: expect.stringContaining('worker.started'),
    });
    expect(processesOf(sessionId)).toEqual([]);
  });

  it('a run that was killed at its terminal is gone on with', async () => {
    const root = machine.makeRepository('fares', BROKEN_LIBRARY);
    const run = machine.start(['run', '--repo', root, '--task', 'Fix the fare.'], { SWE_MODEL });
    await run.saw('npm test');
    run.child.kill('SIGKILL');
    await run.ended;
    const sessionId = /Session (s\w+)/.exec((await run.ended).stdout)?.[1] ?? '';
    manager = machine.start(['up'], { SWE_MODEL });
    expect(times(await shown(sessionId, 'Answered.'), 'Answered.')).toBe(1);
  });

  it('does not take a session from the terminal that works on it, and that one not from another', async () => {
    const root = machine.makeRepository('fares', BROKEN_LIBRARY);
    manager = machine.start(['up'], { SWE_MODEL });
    const run = machine.start(['run', '--repo', root, '--task', 'Fix the fare.'], { SWE_MODEL });
    await run.saw('clone_repository');
    const sessionId = (await machine.swe(['sessions'])).stdout.slice(0, 21);
    const second = await machine.swe(['run', '--resume', sessionId], { SWE_MODEL });
    expect(second).toMatchObject({ exitCode: 1, stderr: expect.stringContaining('being worked on') });
    expect(await run.ended).toMatchObject({ exitCode: 0 });
    manager.child.kill('SIGINT');
    expect((await manager.ended).stdout).not.toContain('worker.started');
  });
});
