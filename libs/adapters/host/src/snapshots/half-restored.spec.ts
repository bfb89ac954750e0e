import { existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from '@jest/globals';
import { HalfRestored } from './half-restored';

let base: string;
let worktree: string;
let gitDirectory: string;
beforeEach(() => {
  base = mkdtempSync(join(tmpdir(), 'swe-half-'));
  worktree = join(base, 'shop');
  gitDirectory = join(worktree, '.git');
});
afterEach(() => rmSync(base, { recursive: true }));

/** As a new process finds it. */
const half = (): HalfRestored => new HalfRestored(join(base, 'state/abc'));

async function restoreHalf(): Promise<void> {
  await half().begin({ worktree, gitDirectory });
  mkdirSync(gitDirectory, { recursive: true });
  writeFileSync(join(worktree, 'a'), 'half');
}

it('a restore that was cut off leaves nothing for the next', async () => {
  await restoreHalf();
  await half().remove();
  expect(readdirSync(base)).toEqual(['state']);
  expect(readdirSync(join(base, 'state'))).toEqual([]);
});

it('what was in the folder before stays', async () => {
  mkdirSync(join(worktree, 'nested'), { recursive: true });
  await restoreHalf();
  await half().remove();
  expect(readdirSync(worktree)).toEqual(['nested']);
});

it('a restore that was completed stays', async () => {
  await restoreHalf();
  await half().complete();
  await half().remove();
  expect(existsSync(join(worktree, 'a'))).toBe(true);
});

it('a torn record is of a restore that had not begun', async () => {
  mkdirSync(join(base, 'state'));
  mkdirSync(worktree);
  writeFileSync(join(base, 'state/abc.restoring'), '{"worktree":"');
  await half().remove();
  expect(existsSync(worktree)).toBe(true);
  expect(readdirSync(join(base, 'state'))).toEqual([]);
});
