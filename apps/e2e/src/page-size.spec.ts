import { readdirSync, readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { gzipSync } from 'node:zlib';
import { expect, it } from '@jest/globals';

const ASSETS = resolve(import.meta.dirname, '../../../dist/apps/console/assets');
const MAX_BYTES = 300_000;

it('all script of the built page is below 300 kB, compressed', () => {
  const scripts = readdirSync(ASSETS).filter((name) => name.endsWith('.js'));
  expect(scripts).not.toEqual([]);
  const bytes = scripts.map((name) => gzipSync(readFileSync(resolve(ASSETS, name))).length);
  expect(bytes.reduce((sum, each) => sum + each, 0)).toBeLessThan(MAX_BYTES);
});
