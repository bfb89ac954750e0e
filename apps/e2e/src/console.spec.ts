import { gzipSync } from 'node:zlib';
import { afterEach, beforeEach, expect, it } from '@jest/globals';
import { openConsoleTwin } from './console-twin';

const MAX_SCRIPT_BYTES = 300_000;

let twin: Awaited<ReturnType<typeof openConsoleTwin>>;
beforeEach(async () => {
  twin = await openConsoleTwin();
  await twin.start();
});
afterEach(() => twin.close());

it('the built page is served whole: its files, and no more than 300 kB of script', async () => {
  const html = await (await fetch(`${twin.url}/sessions/any`)).text();
  const files = [...html.matchAll(/(?:src|href)="(\/[^"]+)"/g)].map(([, path = '']) => path);
  expect(files.some((path) => path.endsWith('.js'))).toBe(true);
  let scriptBytes = 0;
  for (const path of files) {
    const response = await fetch(`${twin.url}${path}`);
    expect([path, response.status]).toEqual([path, 200]);
    if (path.endsWith('.js')) scriptBytes += gzipSync(await response.arrayBuffer()).length;
  }
  expect(scriptBytes).toBeGreaterThan(100_000);
  expect(scriptBytes).toBeLessThan(MAX_SCRIPT_BYTES);
});
