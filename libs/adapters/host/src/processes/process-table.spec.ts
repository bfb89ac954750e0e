import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { countedBefore, lastPid } from './last-pid';
import type { LastPid } from './last-pid';
import { readProcessTable, startOf } from './process-table';

const onLinux = process.platform === 'linux' ? describe : describe.skip;

onLinux('the process table (it is read from /proc on Linux only)', () => {
  let before: LastPid;
  let child: ChildProcess;

  beforeAll(async () => {
    before = lastPid() ?? { pid: 0, atMs: 0 };
    child = spawn('cat', { stdio: 'pipe' });
    await once(child, 'spawn');
  });

  afterAll(() => void child.kill());

  const pidsThereIs = async (earlier: LastPid | undefined) => {
    const rows = await readProcessTable('SWE_RUN=nobody', startOf(child.pid ?? 0), earlier);
    return rows.map(({ pid }) => pid);
  };

  it('has who came after the last pid of a moment ago, and not who was there', async () => {
    const pids = await pidsThereIs({ ...before, atMs: performance.now() });
    expect(pids).toContain(child.pid);
    // This process may have a higher number, from before they began anew.
    expect(pids.filter((pid) => pid <= before.pid)).toEqual([]);
    expect(countedBefore(child.pid ?? 0, before)).toBe(before);
  });

  it.each([
    ['when nothing is known of before', () => undefined],
    ['when that is so long ago that pids may have come again', () => ({ ...before, atMs: -1_000 })],
    ['when the numbers have begun anew', () => ({ pid: Number.MAX_SAFE_INTEGER, atMs: performance.now() })],
  ])('has everybody %s', async (_when, earlier) => {
    expect(await pidsThereIs(earlier())).toEqual(expect.arrayContaining([child.pid, process.pid]));
  });
});
