import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from '@jest/globals';
import { openLoopbackOpenAi } from '@swe/testing/servers';
import { BROKEN_LIBRARY } from './broken-library';
import { openMachine } from './swe';
import type { Machine } from './swe';

/** A call may cost up to 10 cents: so many tokens of output, and next to nothing of input. */
const PRICED = {
  id: 'openai-compatible/priced',
  contextTokens: 1_000_000,
  maxOutputTokens: 1_000,
  prices: { input: 0.001, output: 100, cacheRead: 0.001, cacheWrite: 0.001 },
  seesImages: false,
  source: 'a test',
  checkedOn: '2026-11-26',
};

let machine: Machine;
let server: Awaited<ReturnType<typeof openLoopbackOpenAi>>;
beforeEach(() => {
  machine = openMachine();
});
afterEach(async () => {
  await server.close();
  await machine.close();
});

it('a run makes no call above its budget, asks for more, and goes on with it where it was', async () => {
  server = await openLoopbackOpenAi([
    { say: 'I look.', calls: [{ name: 'list_files', input: {} }] },
    { say: 'Hello from afar.' },
  ]);
  const root = machine.makeRepository('fares', BROKEN_LIBRARY);
  const catalog = join(root, '..', 'models.json');
  writeFileSync(catalog, JSON.stringify([PRICED]));
  const environment = {
    SWE_MODEL: PRICED.id,
    SWE_MODEL_BASE_URL: server.url,
    SWE_MODEL_CATALOG: catalog,
    SWE_BUDGET_USD: '0.05',
  };
  const first = await machine.swe(['run', '--repo', root, '--task', 'Say hello.'], environment);
  expect(first).toMatchObject({ exitCode: 3 });
  expect(first.stdout).toContain('$0.00 of $0.05 spent');
  expect(server.requests).toEqual([]);

  const [, sessionId = ''] =
    /--resume (s[a-z2-7]{20}) --budget/.exec(first.stdout.replaceAll(/\s+/g, ' ')) ?? [];
  const second = await machine.swe(['run', '--resume', sessionId, '--budget', '5'], environment);
  expect(second).toMatchObject({ exitCode: 0 });
  expect(second.stdout).toContain('Hello from afar.');
  expect(server.turnsLeft).toBe(0);
});
