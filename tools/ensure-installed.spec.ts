import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { findNode, isInstallStale } from './ensure-installed.mjs';

let root: string;

beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'ensure-installed-'));
});

afterEach(() => rmSync(root, { recursive: true, force: true }));

type Packages = Record<string, { version?: string; optional?: boolean }>;

const write = (path: string, packages: Packages) =>
  writeFileSync(join(root, path), JSON.stringify({ packages }));

describe('the install is stale', () => {
  const lock: Packages = {
    '': {},
    'node_modules/a': { version: '1.0.0' },
    'node_modules/b': { version: '1.0.0', optional: true },
  };

  test('when there is none', () => {
    write('package-lock.json', lock);
    expect(isInstallStale(root)).toBe(true);
  });

  test.each<[string, Packages, boolean]>([
    ['not when every package has its version', { 'node_modules/a': { version: '1.0.0' } }, false],
    ['when a package is missing', {}, true],
    ['when a package has another version', { 'node_modules/a': { version: '0.9.0' } }, true],
    [
      'when an optional package has another version',
      { 'node_modules/a': { version: '1.0.0' }, 'node_modules/b': { version: '0.9.0' } },
      true,
    ],
  ])('%s', (_, installed, expected) => {
    mkdirSync(join(root, 'node_modules'));
    write('package-lock.json', lock);
    write('node_modules/.package-lock.json', installed);
    expect(isInstallStale(root)).toBe(expected);
  });
});

describe('the Node to run', () => {
  const at = (version: string) => ({ version, execPath: '/opt/node', platform: 'darwin-arm64' });
  const installNode = (script: string) => {
    const path = join(root, 'node_modules', '.bin', 'node');
    mkdirSync(join(root, 'node_modules', '.bin'), { recursive: true });
    writeFileSync(path, script);
    chmodSync(path, 0o755);
    return path;
  };

  test('is the one npm installed', () => {
    expect(findNode(root, at('26.0.0'))).not.toContain(root);
    const installed = installNode('#!/bin/sh\n');
    expect(findNode(root, at('26.0.0'))).toBe(installed);
  });

  test('is the current one when npm has none that starts here', () => {
    installNode('#!/bin/sh\nexit 1\n');
    expect(findNode(root, at('24.0.0'))).toBe('/opt/node');
  });

  test('is missed in one line that names the platform', () => {
    expect(() => findNode(root, at('22.5.0'))).toThrow(/^Node 24 or newer .* darwin-arm64.* 22\.5\.0[^\n]*$/);
  });
});
