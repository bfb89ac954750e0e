import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, beforeEach, expect, it } from '@jest/globals';
import { messagePage, problemDocument, sessionEvent, sessionResource } from '@swe/domain/api';
import type { SessionEvent, SessionResource } from '@swe/domain/api';
import { openApiTwin } from './api-twin';
import type { ApiTwin } from './api-twin';

let twin: ApiTwin;
beforeEach(async () => {
  twin = await openApiTwin();
});
afterEach(() => twin.close());

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
  const { body } = await twin.call(token, `/sessions/${id}/events`, { headers });
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
  const token = await twin.makeKey('run');
  const body = { task: 'A fare is wrong. Fix it.', repository: 'forge://fares' };
  const begun = await Promise.all(
    [1, 2].map(() => twin.post(token, '/sessions', body, 'run-1').then(sessionOf)),
  );
  const [id = ''] = new Set(begun.map((session) => session.id));
  expect(begun.map((session) => session.id)).toEqual([id, id]);

  const first = await follow(token, id, 0, ({ seq }) => seq === 3);
  const rest = await follow(token, id, 3, isOver);
  const events = [...first, ...rest];
  expect(events.map(({ seq }) => seq)).toEqual(events.map((_, i) => i + 1));
  expect(events.at(-1)).toMatchObject({
    outcome: { kind: 'answered', text: expect.stringContaining('forge://fares/pulls/1') },
  });

  const { items } = messagePage.parse(await (await twin.call(token, `/sessions/${id}/messages`)).json());
  expect(items).toMatchObject([{ number: 1, outcome: { kind: 'answered' } }]);
  expect(await sessionOf(await twin.call(token, `/sessions/${id}`))).toMatchObject({
    status: 'waiting',
    pullRequests: [{ url: 'forge://fares/pulls/1' }],
  });

  expect((await twin.call(token, `/sessions/${id}/end`, { method: 'POST' })).status).toBe(202);
  while ((await sessionOf(await twin.call(token, `/sessions/${id}`))).status !== 'ended') await sleep(100);
  const late = await twin.post(token, `/sessions/${id}/messages`, { text: 'More.' });
  expect([late.status, problemDocument.parse(await late.json()).title]).toEqual([409, 'Conflict']);
  const last = (await follow(token, id, events.length, () => false)).at(-1)?.seq ?? events.length;
  expect(
    (await twin.call(token, `/sessions/${id}/events`, { headers: { 'last-event-id': String(last) } })).status,
  ).toBe(204);
});

it('keys are made, listed and revoked at the terminal, and swe up ends although somebody follows', async () => {
  const token = await twin.makeKey('run');
  expect((await twin.call(token, '/keys')).status).toBe(403);
  const { id } = await sessionOf(await twin.post(token, '/sessions', { task: 'Nothing.' }));
  const stream = await twin.call(token, `/sessions/${id}/events`);
  expect(stream.status).toBe(200);

  const keyId = token.split('_')[1] ?? '';
  const listed = await twin.machine.swe(['key', 'list']);
  expect(listed.stdout).toContain(keyId);
  expect(listed.stdout).not.toContain(token);
  expect(await twin.machine.swe(['key', 'revoke', keyId])).toMatchObject({ exitCode: 0 });
  expect(await twin.machine.swe(['key', 'revoke', keyId])).toMatchObject({
    exitCode: 2,
    stderr: expect.stringContaining(keyId),
  });
  expect((await twin.call(token, '/sessions')).status).toBe(401);

  twin.manager.child.kill('SIGINT');
  expect(await twin.manager.ended).toMatchObject({ exitCode: 0 });
  await stream.text().catch(() => '');
});
