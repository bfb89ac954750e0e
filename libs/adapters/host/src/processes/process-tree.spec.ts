import { describe, expect, it } from '@jest/globals';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { lives } from '@swe/testing/host';
import { parsePs, startOf } from './process-table';
import { KILL_LIMIT_MS, membersOf, ProcessTree } from './process-tree';

const row = (pid: number, parent: number, group: number, marked = false) => ({
  pid,
  parent,
  group,
  started: `t${pid}`,
  marked,
});

describe('membersOf', () => {
  const rows = [
    row(1, 0, 1),
    row(10, 1, 10),
    row(11, 10, 10),
    row(12, 11, 12),
    row(20, 1, 20, true),
    row(21, 20, 21),
    row(30, 1, 30),
  ];
  const pids = (group: number | undefined, ...known: string[]) =>
    membersOf(rows, { group, known: new Set(known) })
      .map(({ pid }) => pid)
      .sort((a, b) => a - b);

  it.each([
    ['the marked and their descendants', pids(undefined), [20, 21]],
    ['the group and its descendants in other groups', pids(10), [10, 11, 12, 20, 21]],
    ['who was a member before', pids(undefined, '30:t30'), [20, 21, 30]],
    ['not who merely has the pid of a former member', pids(undefined, '30:t29'), [20, 21]],
  ])('finds %s', (_what, found, expected) => {
    expect(found).toEqual(expected);
  });
});

describe('parsePs', () => {
  // Printed by `ps -axo pid=,ppid=,pgid=,stat=,lstart=` with LC_ALL=C.
  const PRINTED = [
    '    1     0     1 Ss   Mon Nov  2 09:00:00 2026',
    '  712     1   712 Z    Mon Nov  2 09:00:01 2026',
    '98765   712 98765 S+   Sun Nov 22 18:10:00 2026   ',
    '',
  ].join('\n');

  it('reads the living', () => {
    expect(parsePs(PRINTED)).toEqual([
      { pid: 1, parent: 0, group: 1, started: 'Mon Nov  2 09:00:00 2026', marked: false },
      { pid: 98765, parent: 712, group: 98765, started: 'Sun Nov 22 18:10:00 2026', marked: false },
    ]);
  });
});

it('a tree that is not asked about for long is killed nevertheless', async () => {
  const script = 'trap "" TERM; echo ready; while :; do sleep 1; done';
  const child = spawn('bash', ['-c', script], { detached: true, stdio: ['ignore', 'pipe', 'ignore'] });
  const pid = child.pid ?? 0;
  await once(child.stdout, 'data');
  const tree = new ProcessTree({ pid, started: startOf(pid), mark: 'SWE_RUN=nobody', hasWarden: false });
  const ended = tree.end(1);
  // As on a machine under load: when this thread gets its turn again, all of the time is over.
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 2 * KILL_LIMIT_MS);
  await ended;
  const isAlive = lives(pid);
  if (isAlive) process.kill(-pid, 'SIGKILL');
  expect(isAlive).toBe(false);
});
