import { createServer } from 'node:http';
import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, beforeEach, expect, it } from '@jest/globals';
import { Fault } from '@swe/domain';
import type { ChatEvent } from '@swe/domain';
import { BOT, openLoopbackSlack, TEAM } from '@swe/testing/servers';
import type { LoopbackSlack } from '@swe/testing/servers';
import { handleSlackRequest } from './handle-slack-request';

const HERE = { by: 'U0ADA', channel: 'C0GENERAL' };
let slack: LoopbackSlack;
let app: Server;
let handled: ChatEvent[];
let secret: string;
/** How many events are not stored. */
let failures: number;

beforeEach(async () => {
  handled = [];
  failures = 0;
  slack = await openLoopbackSlack({ retryAfterMs: [0, 0, 0] });
  secret = slack.signingSecret;
  slack.world.addPerson('U0ADA', 'Ada');
  slack.world.addChannel('C0GENERAL', 'general');
  app = createServer((incoming, response) => {
    void Array.fromAsync(incoming).then(async (chunks) => {
      const headers = Object.entries(incoming.headers).map(([name, value]): [string, string] => [
        name,
        String(value),
      ]);
      const request = new Request('http://127.0.0.1/slack/events', {
        method: 'POST',
        headers,
        body: Buffer.concat(chunks),
      });
      const answer = await handleSlackRequest(request, {
        signingSecret: async () => secret,
        handle,
        clock: { nowMs: () => Date.now() },
        logger: { warn() {}, debug() {} },
      }).catch(() => new Response(null, { status: 500 }));
      response.writeHead(answer.status).end(await answer.text());
    });
  });
  await new Promise<void>((resolve) => app.listen(0, '127.0.0.1', resolve));
  slack.requestUrl = `http://127.0.0.1:${(app.address() as AddressInfo).port}`;
});
afterEach(async () => {
  await slack.close();
  app.closeAllConnections();
  await new Promise((resolve) => app.close(resolve));
});

async function handle(event: ChatEvent): Promise<void> {
  failures -= 1;
  if (failures >= 0) throw new Fault('transient', 'the store is down');
  handled.push(event);
}

it('has both events of a mention as the same message', async () => {
  const { post, told } = slack.people.say({ ...HERE, text: `<@${BOT.userId}> grüß dich &amp; <@U0ADA>` });
  await told;
  expect(handled).toHaveLength(2);
  expect(handled[0]).toEqual(handled[1]);
  expect(handled[0]).toMatchObject({
    kind: 'said',
    messageKey: `slack:${TEAM.id}/C0GENERAL/${post.ts}`,
    text: 'grüß dich &amp; <@U0ADA>',
    isAddressed: true,
  });
});

it('has what becomes of a message as edits of it, and what Slack does to it as nothing', async () => {
  const said = slack.people.say({ ...HERE, text: 'Helo' });
  await said.told;
  const edited = slack.people.edit(said.post, 'Hello');
  await edited.told;
  await slack.people.unfurl(edited.post).told;
  await slack.people.delete(edited.post).told;
  expect(handled).toMatchObject([{ kind: 'said' }, { kind: 'edited', text: 'Hello' }, { kind: 'deleted' }]);
  expect(new Set(handled.map(({ messageKey }) => messageKey)).size).toBe(1);
});

it('has an edit that adds the mention as one edit, whichever of its events it comes by', async () => {
  const { post } = slack.people.say({ ...HERE, text: 'Hello' });
  await slack.people.edit(post, `<@${BOT.userId}> hello`).told;
  const edits = handled.filter(({ kind }) => kind === 'edited');
  expect(edits).toMatchObject([{ isAddressed: true, text: 'hello' }, {}]);
  expect(edits[1]).toEqual(edits[0]);
});

it('has an opened conversation, each time it is opened, and no other tab', async () => {
  slack.world.addChannel('D0ADA', 'ada', 'im');
  await slack.people.open('U0ADA', 'D0ADA', 'home').told;
  await slack.people.open('U0ADA', 'D0ADA').told;
  await slack.people.open('U0ADA', 'D0ADA').told;
  const { post, told } = slack.people.startThread('U0ADA', 'D0ADA');
  await told;
  const origin = `slack:${TEAM.id}/D0ADA`;
  expect(handled.map((event) => [event.kind, event.origin])).toEqual([
    ['opened', origin],
    ['opened', origin],
    ['opened', `${origin}/${post.ts}`],
  ]);
});

it('has a deleted message with answers as deleted', async () => {
  const { post } = slack.people.say({ ...HERE, text: 'Hello' });
  await slack.people.say({ ...HERE, text: 'Yes', threadTs: post.ts }).told;
  await slack.people.delete(post).told;
  expect(handled.at(-1)).toMatchObject({
    kind: 'deleted',
    messageKey: `slack:${TEAM.id}/C0GENERAL/${post.ts}`,
  });
});

it('names a file as the chat fetches it', async () => {
  const { id } = slack.world.addFile('U0ADA', 'ü.png', Uint8Array.of(1), 'image/png');
  await slack.people.say({ ...HERE, text: '', files: [id] }).told;
  expect(handled).toMatchObject([
    { files: [{ ref: `slack:${TEAM.id}/${id}`, name: 'ü.png', mediaType: 'image/png', bytes: 1 }] },
  ]);
});

it('has a command and a click as words', async () => {
  await slack.people.command({ ...HERE, command: '/swe', text: 'status' });
  const button = { type: 'button', action_id: 'swe_choice_1', value: 'Use tabs' };
  const post = slack.world.add({
    channel: 'C0GENERAL',
    user: BOT.userId,
    text: '?',
    blocks: [{ type: 'actions', elements: [button] }],
  });
  const attempts = await slack.people.click({ by: 'U0ADA', post, actionId: 'swe_choice_1' });
  expect(attempts).toMatchObject([{ status: 200, answer: '' }]);
  expect(handled).toMatchObject([
    { kind: 'command', text: 'status' },
    { kind: 'clicked', text: 'Use tabs' },
  ]);
});

it('is sent what it could not store once more, unchanged', async () => {
  failures = 2;
  const [attempts] = await slack.people.say({ ...HERE, text: 'Hello' }).told;
  expect(attempts?.map(({ status }) => status)).toEqual([500, 500, 200]);
  expect(handled).toHaveLength(1);
});

it('answers the question whose address it is, to Slack alone', async () => {
  expect(await slack.verifyUrl('3eZbrw1a')).toMatchObject([{ answer: '{"challenge":"3eZbrw1a"}' }]);
  secret = 'another';
  expect(await slack.verifyUrl('3eZbrw1a')).toMatchObject([{ status: 401, answer: '' }]);
});
