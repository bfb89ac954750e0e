import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from '@jest/globals';
import { pageFiles } from './page-files';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'swe-page-'));
  mkdirSync(join(folder, 'assets'));
  writeFileSync(join(folder, 'index.html'), '<!doctype html>');
  writeFileSync(join(folder, 'assets/index-1a2b.js'), 'one');
});
afterEach(() => rmSync(folder, { recursive: true }));

it('lie below the hash of them all, with their compressed copies', async () => {
  const { prefix, objects } = await pageFiles(folder);
  expect(prefix).toMatch(/^console\/[0-9a-f]{64}\/$/);
  expect(objects.map(({ key }) => key)).toEqual(
    ['assets/index-1a2b.js', 'index.html'].flatMap((name) =>
      ['', '.br', '.gz'].map((ending) => `${prefix}${name}${ending}`),
    ),
  );
  expect((await pageFiles(folder)).prefix).toBe(prefix);
});

it.each([
  ['other bytes', 'assets/index-1a2b.js', 'two'],
  ['another file', 'icon.svg', '<svg/>'],
])('lie elsewhere with %s', async (_name, file, text) => {
  const { prefix } = await pageFiles(folder);
  writeFileSync(join(folder, file), text);
  expect((await pageFiles(folder)).prefix).not.toBe(prefix);
});

it('are not to be deployed before they are built', async () => {
  rmSync(join(folder, 'index.html'));
  await expect(pageFiles(folder)).rejects.toThrow('build it first');
});
