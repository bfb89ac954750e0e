import { afterEach, beforeEach, expect, it } from '@jest/globals';
import { closeSync, existsSync, readSync, writeSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openPipe } from './pipe';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'pipe-'));
});
afterEach(() => rm(folder, { recursive: true }));

it('what goes in comes out, and no file stays', async () => {
  const path = join(folder, 'pipe');
  const { readEnd, writeEnd } = await openPipe(path, '/usr/bin:/bin');
  writeSync(writeEnd, 'x');
  const buffer = Buffer.alloc(8);
  expect(buffer.toString('utf8', 0, readSync(readEnd, buffer))).toBe('x');
  expect(existsSync(path)).toBe(false);
  for (const end of [readEnd, writeEnd]) closeSync(end);
});

it('names mkfifo where there is none, whatever the pipe is for', async () => {
  await expect(openPipe(join(folder, 'pipe'), folder)).rejects.toMatchObject({
    kind: 'missing',
    message: expect.stringMatching(/^mkfifo: /),
  });
});
