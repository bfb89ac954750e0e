import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from '@jest/globals';
import { appendEach } from './append-cost';
import { journalOf } from './journal';
import { makeStore } from './store';
import { startTurn } from './turn-start';

let folder: string;
let path: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'swe-bench-'));
  path = join(folder, 'store.sqlite');
});
afterEach(() => rmSync(folder, { recursive: true }));

it('a turn is started with the whole conversation', async () => {
  const sessionId = await makeStore(path, journalOf(41));
  // The task, ten answers with a result each, and the further message, which joins the last result.
  expect((await startTurn(path, sessionId)).messages).toBe(21);
});

it('every entry is appended by itself', async () => {
  const sessionId = await makeStore(path, journalOf(5));
  expect(await appendEach(path, sessionId, journalOf(9, 2))).toHaveLength(9);
});
