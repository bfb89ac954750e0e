import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, beforeEach, expect, it, jest } from '@jest/globals';
import { openForge } from '@swe/adapter-local/forge';
import { ManualClock } from '@swe/testing/memory';
import { messagePage, problemDocument, sessionEvent, sessionResource } from '@swe/domain/api';
import type { SessionEvent, SessionResource } from '@swe/domain/api';
import { BROKEN_LIBRARY } from './broken-library';
import { openMachine } from './swe';
import type { Machine, Running } from './swe';

jest.setTimeout(120_000);

const SWE_MODEL = 'rehearsal/fix-failing-test';

let machine: Machine;
let manager: Running | undefined;
let url: string;
beforeEach(async () => {
  machine = openMachine();
  const env = { PATH: process.env['PATH'] ?? '', HOME: machine.folder };
  const forge = openForge({ folder: join(machine.folder, 'swe', 'forge'), env, clock: new ManualClock() });
  await forge.createRepository('fares', { files: BROKEN_LIBRARY });
  forge.close();
  manager = machine.start(['up'], { SWE_MODEL, SWE_PORT: '0' });
  let output = '';
  manager.child.stdout?.on('data', (data: Buffer) => (output += data.toString()));
  await manager.saw('/api/v1');
  url = `${/http:\/\/127\.0\.0\.1:\d+/.exec(output)?.[0]}/api/v1`;
});
afterEach(async () => {
  manager?.child.kill('SIGINT');
  await manager?.ended;
  manager = undefined;
  machine.close();
});

async function makeKey(scope: string): Promise<string> {
  const made = await machine.swe(['key', 'create', '--name', 'e2e', '--scope', scope]);
  expect(made).toMatchObject({ exitCode: 0, stdout: expect.stringMatching(/^swe_k\w+\n$/) });
  return made.stdout.trim();
}

const call = (token: string, path: string, init: RequestInit = {}): Promise<Response> =>
  fetch(`${url}${path}`, { ...init, headers: { authorization: `Bearer ${token}`, ...init.headers } });

const post = (token: string, path: string, body: object, key?: string): Promise<Response> =>
  call(token, path, {
    method: 'POST',
    body: JSON.stringify(body),
    ...(key !== undefined && { headers: { 'idempotency-key': key } }),
  });

const sessionOf = async (response: Response): Promise<SessionResource> =>
  sessionResource.parse(await response.json());

/** Events after `last`, until `isEnough` or the stream ends. */
async function follow(
  token: string,
  id: string,
  last: number,
  isEnough: (event: SessionEvent) => boolean,
): Promise<readonly SessionEvent[]> {
  const headers = { 'last-event-id': String(last) };
  const { body } = await call(token, `/sessions/${id}/events`, { headers });
  const events: SessionEvent[] = [];
  let text = '';
  for await (const part of body?.pipeThrough(new TextDecoderStream()) ?? []) {
    text += part;
    const frames = text.split('\n\n');
    text = frames.pop() ?? '';
    for (const frame of frames) {
      const data = /^data: (.*)$/m.exec(frame)?.[1];
      if (data === undefined) continue;
      const event = sessionEvent.parse(JSON.parse(data));
      events.push(event);
      if (isEnough(event)) return events;
    }
  }
  return events;
}

const isOver = (event: SessionEvent): boolean =>
  event.type === 'status.changed' && event.outcome !== undefined;

it('a task given over HTTP, twice at once, is one session that ends in a pull request, followed over a break', async () => {
  const token = await makeKey('run');
  const body = { task: 'A fare is wrong. Fix it.', repository: 'forge://fares' };
  const begun = await Promise.all([1, 2].map(() => post(token, '/sessions', body, 'run-1').then(sessionOf)));
  const [id = ''] = new Set(begun.map((session) => session.id));
  expect(begun.map((session) => session.id)).toEqual([id, id]);

  const first = await follow(token, id, 0, ({ seq }) => seq === 3);
  const rest = await follow(token, id, 3, isOver);
  const events = [...first, ...rest];
  expect(events.map(({ seq }) => seq)).toEqual(events.map((_, i) => i + 1));
  expect(events.at(-1)).toMatchObject({
    outcome: { kind: 'answered', text: expect.stringContaining('forge://fares/pulls/1') },
  });

  const { items } = messagePage.parse(await (await call(token, `/sessions/${id}/messages`)).json());
  expect(items).toMatchObject([{ number: 1, outcome: { kind: 'answered' } }]);
  expect(await sessionOf(await call(token, `/sessions/${id}`))).toMatchObject({
    status: 'waiting',
    pullRequests: [{ url: 'forge://fares/pulls/1' }],
  });

  expect((await call(token, `/sessions/${id}/end`, { method: 'POST' })).status).toBe(202);
  while ((await sessionOf(await call(token, `/sessions/${id}`))).status !== 'ended') await sleep(100);
  const late = await post(token, `/sessions/${id}/messages`, { text: 'More.' });
  expect([late.status, problemDocument.parse(await late.json()).title]).toEqual([409, 'Conflict']);
  const last = (await follow(token, id, events.length, () => false)).at(-1)?.seq ?? events.length;
  expect(
    (await call(token, `/sessions/${id}/events`, { headers: { 'last-event-id': String(last) } })).status,
  ).toBe(204);
});

it('keys are made, listed and revoked at the terminal, and swe up ends although somebody follows', async () => {
  const token = await makeKey('run');
  expect((await call(token, '/keys')).status).toBe(403);
  const { id } = await sessionOf(await post(token, '/sessions', { task: 'Nothing.', model: SWE_MODEL }));
  const stream = await call(token, `/sessions/${id}/events`);
  expect(stream.status).toBe(200);

  const keyId = token.split('_')[1] ?? '';
  const listed = await machine.swe(['key', 'list']);
  expect(listed.stdout).toContain(keyId);
  expect(listed.stdout).not.toContain(token);
  expect(await machine.swe(['key', 'revoke', keyId])).toMatchObject({ exitCode: 0 });
  expect(await machine.swe(['key', 'revoke', keyId])).toMatchObject({
    exitCode: 2,
    stderr: expect.stringContaining(keyId),
  });
  expect((await call(token, '/sessions')).status).toBe(401);

  manager?.child.kill('SIGINT');
  expect(await manager?.ended).toMatchObject({ exitCode: 0 });
  await stream.text().catch(() => '');
});
