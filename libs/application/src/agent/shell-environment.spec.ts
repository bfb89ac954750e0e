import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, realpathSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { shellEnvironment } from './shell-environment';

const facts = { path: '/usr/bin', home: '/sessions/1/home', workspaceRoot: '/sessions/1/workspace' };

describe("a shell's environment", () => {
  it('holds what it was given, and English text in UTF-8 unless told otherwise', () => {
    expect(shellEnvironment(facts)).toMatchObject({
      PATH: '/usr/bin',
      HOME: '/sessions/1/home',
      LANG: 'C.UTF-8',
    });
    expect(shellEnvironment({ ...facts, language: 'de_DE.UTF-8' })).toMatchObject({ LANG: 'de_DE.UTF-8' });
  });

  it('is the whole of it: these names and no other', () => {
    expect(Object.keys(shellEnvironment(facts))).toEqual([
      'PATH',
      'HOME',
      'SHELL',
      'TERM',
      'LANG',
      'NO_COLOR',
      'PAGER',
      'GIT_PAGER',
      'GIT_EDITOR',
      'GIT_TERMINAL_PROMPT',
      'GIT_CONFIG_NOSYSTEM',
      'GIT_CEILING_DIRECTORIES',
      'GIT_AUTHOR_NAME',
      'GIT_AUTHOR_EMAIL',
      'GIT_COMMITTER_NAME',
      'GIT_COMMITTER_EMAIL',
      'npm_config_update_notifier',
      'npm_config_fund',
      'npm_config_audit',
    ]);
  });

  it('lets no program wait for a person', () => {
    expect(shellEnvironment(facts)).toMatchObject({
      PAGER: 'cat',
      GIT_PAGER: 'cat',
      GIT_EDITOR: 'true',
      GIT_TERMINAL_PROMPT: '0',
    });
  });

  it.each(['.', 'folder'])('keeps git in %s of the workspace from repositories above it', (from) => {
    const person = realpathSync(mkdtempSync(join(tmpdir(), 'swe-person-')));
    const workspaceRoot = join(person, 'sessions', 'workspace');
    mkdirSync(join(workspaceRoot, 'folder'), { recursive: true });
    spawnSync('git', ['init', '--quiet', person]);
    const env = shellEnvironment({ ...facts, path: process.env['PATH'] ?? '', workspaceRoot });
    const found = spawnSync('git', ['rev-parse', '--show-toplevel'], { cwd: join(workspaceRoot, from), env });
    rmSync(person, { recursive: true });
    expect(found).toMatchObject({ status: 128 });
  });
});
