import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from '@jest/globals';
import { packTar } from './tar-archive';

const LONG = `node_modules/${'a'.repeat(60)}/${'b'.repeat(60)}/file`;
const ENTRIES = [
  { path: 'start', bytes: Buffer.from('#!/bin/sh\necho started\n'), isExecutable: true },
  { path: LONG, bytes: Buffer.from('long') },
  { path: 'block', bytes: Buffer.alloc(512, 7) },
  { path: 'empty', bytes: Buffer.alloc(0) },
];

it('is what tar unpacks', () => {
  const folder = mkdtempSync(join(tmpdir(), 'swe-tar-'));
  try {
    writeFileSync(join(folder, 'archive'), packTar(ENTRIES));
    execFileSync('tar', ['-xzf', 'archive'], { cwd: folder });
    for (const { path, bytes } of ENTRIES) expect(readFileSync(join(folder, path))).toEqual(bytes);
    expect(execFileSync(join(folder, 'start'), { encoding: 'utf8' })).toBe('started\n');
    expect(statSync(join(folder, 'block')).mode & 0o111).toBe(0);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
});

it('is the same whenever, and in whichever order its files are found', () => {
  expect(packTar(ENTRIES.toReversed())).toEqual(packTar(ENTRIES));
});

it.each([
  ['other bytes', { bytes: Buffer.from('other') }],
  ['another name', { path: 'other' }],
  ['another mode', { isExecutable: false }],
])('is another one with %s', (_, change) => {
  const [first, ...rest] = ENTRIES;
  expect(packTar([{ ...first!, ...change }, ...rest])).not.toEqual(packTar(ENTRIES));
});

it.each([`${'a'.repeat(101)}`, 'ä'])('refuses the path %s, which it could not say', (path) => {
  expect(() => packTar([{ path, bytes: Buffer.alloc(0) }])).toThrow();
});
