import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from '@jest/globals';
import { fileLogger } from './file-logger';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'swe-log-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

it('makes the folder and writes one object per line, with the fields bound before', () => {
  const path = join(folder, 'new', 'log.jsonl');
  const logger = fileLogger(path);
  logger.with({ sessionId: 's1' }).info('session.started', { turns: 2 });
  logger.error('session.failed');
  const lines = readFileSync(path, 'utf8').trimEnd().split('\n');
  expect(lines.map((line) => JSON.parse(line))).toEqual([
    { level: 30, time: expect.any(Number), event: 'session.started', sessionId: 's1', turns: 2 },
    { level: 50, time: expect.any(Number), event: 'session.failed' },
  ]);
});

it('does not throw when its folder is gone', () => {
  const logger = fileLogger(join(folder, 'log.jsonl'));
  rmSync(folder, { recursive: true });
  expect(() => logger.info('session.started')).not.toThrow();
});

// A device that is a full disk: https://man7.org/linux/man-pages/man4/full.4.html
const whereFull = existsSync('/dev/full') ? it : it.skip;
whereFull('does not throw when the disk is full', () => {
  const logger = fileLogger('/dev/full');
  for (let line = 0; line < 3; line += 1) {
    expect(() => logger.info('session.started', { line })).not.toThrow();
  }
});
