import { afterEach, beforeEach, expect, it } from '@jest/globals';
import { closeSync, readSync, writeSync } from 'node:fs';
import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Pipes } from './pipe';
import type { Pipe } from './pipe';

let folder: string;
let pipes: Pipes;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'pipe-'));
  pipes = new Pipes({ directory: folder, searchPath: '/usr/bin:/bin' });
});
afterEach(async () => {
  await pipes.close();
  await rm(folder, { recursive: true });
});

/** What comes out of a pipe that `words` were put into; closes it. */
function through({ readEnd, writeEnd }: Pipe, words: string): string {
  writeSync(writeEnd, words);
  const buffer = Buffer.alloc(8);
  const read = buffer.toString('utf8', 0, readSync(readEnd, buffer));
  for (const end of [readEnd, writeEnd]) closeSync(end);
  return read;
}

it('what goes in comes out of the same pipe, however many are open', async () => {
  const opened = await Promise.all(Array.from({ length: 40 }, () => pipes.open()));
  expect(opened.map((pipe, i) => through(pipe, `${i}`))).toEqual(opened.map((_, i) => `${i}`));
});

it('no file stays once it is closed', async () => {
  through(await pipes.open(), 'x');
  await pipes.close();
  expect(await readdir(folder)).toEqual([]);
});

it('a stock that somebody tidied up is made anew', async () => {
  through(await pipes.open(), 'x');
  for (const name of await readdir(folder)) await rm(join(folder, name), { recursive: true });
  expect(through(await pipes.open(), 'y')).toBe('y');
});

it('names mkfifo where there is none, whatever the pipe is for', async () => {
  const without = new Pipes({ directory: folder, searchPath: folder });
  await expect(without.open()).rejects.toMatchObject({
    kind: 'missing',
    message: expect.stringMatching(/^mkfifo: /),
  });
});
