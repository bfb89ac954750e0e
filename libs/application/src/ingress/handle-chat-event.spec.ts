import { beforeEach, describe, expect, it } from '@jest/globals';
import { approvalOfServers, BUILT_IN_MODELS, toNanoUsd } from '@swe/domain';
import type { ChatEvent, EditedInChat, OpenedInChat, Outcome, SaidInChat } from '@swe/domain';
import {
  ManualClock,
  MemoryAccess,
  MemoryEventBus,
  MemoryJournal,
  MemoryLedger,
  MemoryOutbox,
  MemorySessionStore,
  MemoryStore,
  silentLogger,
} from '@swe/testing/memory';
import { handleChatEvent } from './handle-chat-event';

const WORKSPACE = 'slack:T1';
const THREAD = 'slack:T1/C1/1.0';
const [ADA, BOB, ADMIN] = [`${WORKSPACE}/UADA`, `${WORKSPACE}/UBOB`, `${WORKSPACE}/UADMIN`];
const EVE = `${WORKSPACE}/UEVE`;

let chat: ReturnType<typeof open>;
beforeEach(() => {
  chat = open();
});

function open(admins?: readonly string[], isByPlace?: true) {
  const data = new MemoryStore();
  const store = new MemorySessionStore(data);
  const outbox = new MemoryOutbox(data);
  const clock = new ManualClock();
  const ledger = new MemoryLedger(data);
  const ports = {
    store,
    ledger,
    access: new MemoryAccess(),
    bus: new MemoryEventBus(),
    clock,
    logger: silentLogger,
  };
  const rules = {
    admins,
    ...(isByPlace && { isByPlace }),
    allowedBots: [`${WORKSPACE}/UFRIEND`],
    catalog: BUILT_IN_MODELS,
    readAgents: async () => [{ name: 'reviewer', description: 'Reviews.' }],
    models: ['anthropic/claude-opus-5-5'],
    providers: ['anthropic'],
    capNanoUsd: toNanoUsd(10),
  };
  let said = 0;
  return {
    store,
    ledger,
    access: ports.access,
    handle: (event: ChatEvent) => handleChatEvent(ports, rules, event),
    async say(text: string, changes: Partial<SaidInChat> = {}) {
      said += 1;
      const event: SaidInChat = {
        kind: 'said',
        messageKey: `slack:T1/C1/${said}.0`,
        origin: THREAD,
        requester: ADA,
        workspace: WORKSPACE,
        text,
        files: [],
        isAddressed: true,
        isBot: false,
        receivedAtMs: said,
        ...changes,
      };
      await handleChatEvent(ports, rules, event);
      return event;
    },
    async slash(text: string, requester = ADA) {
      said += 1;
      const at = { messageKey: `slack:T1/C1/command-${said}`, origin: 'slack:T1/C1', receivedAtMs: said };
      await handleChatEvent(ports, rules, { kind: 'command', text, requester, workspace: WORKSPACE, ...at });
    },
    sessions: async () => (await store.list({ limit: 99 })).items,
    session: async () => (await store.findSession(THREAD))!,
    inbox: async () => store.readInbox((await chat.session()).id, 0),
    /** Everything that is to be shown, but for reactions. */
    async posts() {
      const ids = (await chat.sessions()).map(({ id }) => id);
      const items = await Promise.all(ids.map((id) => outbox.listUndelivered(id)));
      return items.flat().flatMap(({ entry }) => (entry.reaction === undefined ? [entry] : []));
    },
    async reactions() {
      const { id } = await chat.session();
      return (await outbox.listUndelivered(id)).flatMap(({ entry }) => entry.reaction ?? []);
    },
    /** What the agent does with the messages so far: it takes them up, or refuses them. */
    async take(outcome?: Outcome) {
      const { id } = await chat.session();
      const items = await chat.inbox();
      const outcomes = outcome === undefined ? [] : items.map(({ seq }) => ({ seq, outcome }));
      const lease = await store.takeLease({ sessionId: id, holder: 'agent', generation: 0, dueAtMs: 0 });
      const admit = { cursor: items.length, items };
      await new MemoryJournal(data).append({ ...lease, entries: [], admit, outcomes, session: {} });
      await store.releaseLease(lease, {});
    },
    async end() {
      const { id, revision } = await chat.session();
      await store.change(id, revision, { status: 'ended', cursor: (await chat.inbox()).length });
    },
  };
}

describe('words for the agent', () => {
  it('that are an issue’s URL and nothing else make the issue the session’s', async () => {
    await chat.say('<https://github.com/acme/shop/issues/7|#7>');
    expect((await chat.session()).issue).toEqual({ repository: 'https://github.com/acme/shop', number: 7 });
    await chat.say('<https://github.com/acme/shop/issues/8>');
    expect((await chat.session()).issue?.number).toBe(7);
  });

  it('come with what their thread is about, once', async () => {
    const subject = 'https://github.com/acme/shop/issues/7';
    await chat.say('Fix this.', { subject });
    await chat.say('And test it.', { subject });
    expect((await chat.inbox()).map(({ body }) => body)).toEqual([
      { kind: 'text', text: `Fix this.\n\n${subject}` },
      { kind: 'text', text: 'And test it.' },
    ]);
    expect((await chat.session()).issue).toEqual({ repository: 'https://github.com/acme/shop', number: 7 });
  });

  it('begin a session in their thread, and are marked as seen', async () => {
    const { messageKey } = await chat.say('Fix the fare.');
    expect(await chat.session()).toMatchObject({ title: 'Fix the fare.', requester: ADA, status: 'queued' });
    expect(await chat.reactions()).toEqual([{ messageKey, reaction: 'seen' }]);
    expect(await chat.posts()).toEqual([]);
  });

  it('are one message, delivered again or as a pair of events', async () => {
    const event = await chat.say('Fix the fare.');
    await chat.handle(event);
    await chat.handle({ ...event, isAddressed: false });
    expect(await chat.inbox()).toHaveLength(1);
  });

  it('reach the session of their thread, with or without a mention, with their files', async () => {
    await chat.say('Fix the fare.');
    const files = [{ ref: 'F1', name: 'fare.png' }];
    await chat.say('And the table.', { isAddressed: false, files });
    expect((await chat.inbox()).map(({ body }) => body)).toEqual([
      { kind: 'text', text: 'Fix the fare.' },
      { kind: 'text', text: 'And the table.', files },
    ]);
  });

  it('may be a click, in a thread that has a session', async () => {
    const click = {
      kind: 'clicked',
      text: 'Yes',
      requester: ADA,
      workspace: WORKSPACE,
      receivedAtMs: 1,
    } as const;
    await chat.handle({ ...click, messageKey: 'click-1', origin: THREAD });
    expect(await chat.sessions()).toEqual([]);
    await chat.say('Fix the fare.');
    await chat.handle({ ...click, messageKey: 'click-2', origin: THREAD });
    expect((await chat.inbox()).at(-1)?.body).toEqual({ kind: 'text', text: 'Yes' });
  });

  it('that a button says are an answer and no command, for the model wrote them', async () => {
    chat = open(['UADMIN']);
    await chat.say('Fix the fare.', { requester: ADMIN });
    const by = { kind: 'clicked', requester: ADMIN, workspace: WORKSPACE, origin: THREAD } as const;
    const words = ['budget 100000', 'approve_user UEVE', 'end', ''];
    for (const text of words) {
      await chat.handle({ ...by, messageKey: `click-${text}`, text, receivedAtMs: 9 });
    }
    expect((await chat.inbox()).slice(1)).toMatchObject(words.map((text) => ({ body: { text } })));
    expect((await chat.session()).capNanoUsd).toBeUndefined();
    expect(await chat.posts()).toEqual([]);
    const { origin } = await chat.say('Hello.', { requester: EVE, origin: `${WORKSPACE}/C7/7.0` });
    expect(await chat.store.findSession(origin)).toBeUndefined();
  });

  it('of a button that the agent itself made are a command', async () => {
    await chat.say('Fix the fare.');
    const by = { kind: 'clicked', requester: ADA, workspace: WORKSPACE, origin: THREAD } as const;
    const click = { ...by, messageKey: 'click-1', text: 'budget 20', receivedAtMs: 9 };
    await chat.handle({ ...click, isCommand: true });
    expect((await chat.session()).capNanoUsd).toBe(toNanoUsd(20));
  });

  it('of programs are heard from those that are let in', async () => {
    await chat.say('Fix the fare.', { isBot: true, requester: `${WORKSPACE}/UOTHER` });
    expect(await chat.sessions()).toEqual([]);
    await chat.say('Fix the fare.', { isBot: true, requester: `${WORKSPACE}/UFRIEND` });
    expect(await chat.sessions()).toHaveLength(1);
    await chat.say('Please.');
    expect((await chat.inbox()).map(({ cause }) => cause)).toEqual(['program', undefined]);
  });
});

describe('what a person does to their message', () => {
  const of = ({ messageKey, origin, requester, workspace, receivedAtMs }: SaidInChat) => ({
    messageKey,
    origin,
    requester,
    workspace,
    receivedAtMs,
  });

  const editOf = (event: SaidInChat, text: string, isAddressed = true): EditedInChat => {
    const { isBot, files } = event;
    return { kind: 'edited', ...of(event), editKey: 'e1', text, files, isAddressed, isBot };
  };

  it('changes it until it is read', async () => {
    const event = await chat.say('Fix the fare.');
    const edit = editOf(event, 'Fix the fares.');
    await chat.handle(edit);
    await chat.handle(edit);
    expect((await chat.inbox()).map(({ body }) => body)).toEqual([{ kind: 'text', text: 'Fix the fares.' }]);
    await chat.handle({ kind: 'deleted', ...of(event), editKey: 'd1' });
    expect((await chat.inbox())[0]?.outcome).toEqual({ kind: 'cancelled' });
  });

  it('is nothing to the agent where the message was not for it', async () => {
    const event = await chat.say('Lunch?', { isAddressed: false });
    await chat.handle(editOf(event, 'Dinner?', false));
    expect(await chat.sessions()).toEqual([]);
  });

  it('makes it one for the agent with its first mention, once', async () => {
    const event = await chat.say('Fix the fare.', { isAddressed: false });
    const edit = editOf(event, 'Fix the fare, please.');
    await chat.handle(edit);
    await chat.handle(edit);
    await chat.handle({ ...event, text: edit.text, isAddressed: true });
    expect((await chat.inbox()).map(({ body }) => body)).toEqual([
      { kind: 'text', text: 'Fix the fare, please.' },
    ]);
    expect(await chat.session()).toMatchObject({ requester: ADA, title: 'Fix the fare, please.' });
  });

  it('is nothing to the agent once they were let out, unless it takes back what they said', async () => {
    chat = open(['UADMIN']);
    await chat.say('approve_user UADA', { requester: ADMIN });
    const [read, unread] = [await chat.say('Fix the fare.'), await chat.say('And the table.')];
    const { id, revision } = await chat.session();
    await chat.store.change(id, revision, { cursor: 1 });
    await chat.say('revoke_user UADA', { requester: ADMIN });
    const before = await chat.inbox();
    for (const event of [read, unread]) {
      await chat.handle({ ...editOf(event, 'Delete everything.'), editKey: `${event.messageKey}-1` });
    }
    expect(await chat.inbox()).toEqual(before);
    await chat.handle({ kind: 'deleted', ...of(unread), editKey: 'd1' });
    expect((await chat.inbox())[1]?.outcome).toEqual({ kind: 'cancelled' });
    const silentLogger = await chat.say('Lunch?', { isAddressed: false });
    await chat.handle(editOf(silentLogger, 'Fix it.'));
    expect((await chat.posts()).at(-1)).toMatchObject({ onlyFor: ADA });
  });

  it('with a first mention may be a command, and a program’s is heard from those that are let in', async () => {
    const help = await chat.say('help', { isAddressed: false });
    await chat.handle(editOf(help, 'help'));
    expect(await chat.posts()).toHaveLength(1);
    const other = { requester: `${WORKSPACE}/UOTHER`, isBot: true, isAddressed: false };
    await chat.handle(editOf(await chat.say('Fix it.', other), 'Fix it.'));
    expect(await chat.store.findSession(THREAD)).toBeUndefined();
  });
});

const PANE = 'slack:T1/D1';
const opened = (place = PANE): OpenedInChat => ({
  kind: 'opened',
  messageKey: `${place}/opened`,
  origin: place,
  requester: ADA,
  workspace: WORKSPACE,
  receivedAtMs: 1,
});

describe('a place to talk to the agent that is opened', () => {
  it('is greeted once, and nobody works on that', async () => {
    await chat.handle(opened());
    await chat.handle({ ...opened(), receivedAtMs: 2 });
    expect(await chat.posts()).toEqual([
      expect.objectContaining({ destination: PANE, body: expect.stringContaining('Tell me what to do') }),
    ]);
    expect(await chat.sessions()).toMatchObject([{ status: 'asleep' }]);
    expect(await chat.store.findSession(PANE)).toBeUndefined();
  });

  it('is greeted each for itself, and a session begins with the first message there', async () => {
    const threads = [`${PANE}/1.0`, `${PANE}/2.0`] as const;
    for (const thread of threads) await chat.handle(opened(thread));
    expect((await chat.posts()).map(({ destination }) => destination).toSorted()).toEqual(threads);
    await chat.say('Fix the fare.', { origin: threads[0] });
    expect(await chat.store.findSession(threads[0])).toMatchObject({ status: 'queued' });
    expect(await chat.store.findSession(threads[1])).toBeUndefined();
  });
});

describe('what is not ours is passed over in silence', () => {
  it('in a thread that never had a session', async () => {
    await chat.say('Lunch?', { isAddressed: false });
    expect(await chat.sessions()).toEqual([]);
  });

  it('in a thread whose session has ended, until somebody speaks to the agent', async () => {
    await chat.say('Fix the fare.');
    await chat.end();
    await chat.say('Thanks all.', { isAddressed: false });
    expect((await chat.session()).status).toBe('ended');
    await chat.say('One more thing.');
    expect(await chat.session()).toMatchObject({ round: 2, title: 'One more thing.' });
  });
});

describe('a command', () => {
  it('is answered in its thread’s session, once, and nobody works on it', async () => {
    await chat.say('Fix the fare.');
    const event = await chat.say('status');
    await chat.handle(event);
    const [post, ...others] = await chat.posts();
    expect(others).toEqual([]);
    expect(post).toMatchObject({ destination: THREAD, body: expect.stringContaining('Fix the fare.') });
    expect((await chat.inbox()).at(-1)?.outcome).toMatchObject({ kind: 'command-result' });
  });

  it('begins no session where there is none', async () => {
    await chat.say('status');
    expect(await chat.store.findSession(THREAD)).toBeUndefined();
    expect(await chat.posts()).toEqual([
      expect.objectContaining({
        destination: THREAD,
        body: expect.stringContaining('no session in this thread'),
      }),
    ]);
    await chat.say('Fix the fare.');
    expect(await chat.session()).toMatchObject({ round: 1, requester: ADA });
  });

  it('without a word is help', async () => {
    await chat.say('  ');
    expect((await chat.posts())[0]?.body).toContain('approve_user');
  });

  it('that stops or ends goes to whoever holds the session', async () => {
    await chat.say('Fix the fare.');
    await chat.say('stop');
    await chat.say('end');
    expect((await chat.inbox()).map(({ body }) => body.kind)).toEqual(['text', 'command', 'command']);
    expect(await chat.posts()).toEqual([]);
  });

  it('may name a session of another thread', async () => {
    await chat.say('Fix the fare.');
    const { id } = await chat.session();
    await chat.say(`cost ${id}`, { origin: 'slack:T1/C9/9.0' });
    expect(await chat.posts()).toEqual([
      expect.objectContaining({
        destination: 'slack:T1/C9/9.0',
        body: expect.stringContaining('tokens read'),
      }),
    ]);
  });

  it.each(['status', 'history'])(
    '%s tells what was said in another thread to who may read that',
    async (name) => {
      chat = open(['UADMIN']);
      for (const user of ['UADA', 'UBOB']) await chat.say(`approve_user ${user}`, { requester: ADMIN });
      await chat.say('Fix the secret.');
      const { id } = await chat.session();
      const told = async (where: string): Promise<string> =>
        (await chat.posts()).flatMap(({ destination, body }) => (destination === where ? body : [])).join();
      const answerTo = async (requester: string, origin: string): Promise<string> => {
        await chat.say(`${name} ${id}`, { requester, origin });
        return told(origin);
      };
      expect(await answerTo(BOB, 'slack:T1/C9/1.0')).toMatch(/^Only who asked/);
      await chat.slash(`${name} ${id}`, BOB);
      expect(await told('slack:T1/C1')).toMatch(/^Only who asked/);
      expect(await answerTo(BOB, THREAD)).toContain('secret');
      expect(await answerTo(ADA, 'slack:T1/C9/2.0')).toContain('secret');
      expect(await answerTo(ADMIN, 'slack:T1/C9/3.0')).toContain('secret');
    },
  );

  it.each(['stop', 'end', 'status', 'budget 20'])(
    'opens no session where its own ends under it: %s',
    async (command) => {
      await chat.say('Fix the fare.');
      const { findMessage } = chat.store;
      chat.store.findMessage = async (key) => {
        chat.store.findMessage = findMessage;
        await chat.end();
        return chat.store.findMessage(key);
      };
      await chat.say(command);
      expect((await chat.sessions()).filter(({ origin }) => origin === THREAD)).toHaveLength(1);
      const [answer] = await chat.posts();
      expect(answer?.body).toContain(command === 'status' ? 'Fix the fare.' : 'has ended');
    },
  );

  it('that is passed on to a session of another thread is told where it was said', async () => {
    await chat.say('Fix the fare.');
    const { id } = await chat.session();
    await chat.say(`stop ${id}`, { origin: 'slack:T1/C9/9.0' });
    expect((await chat.inbox()).map(({ body }) => body.kind)).toEqual(['text', 'command']);
    expect(await chat.posts()).toEqual([
      expect.objectContaining({
        destination: 'slack:T1/C9/9.0',
        body: `I pass that on to \`${id}\`. What comes of it is said in its thread.`,
      }),
    ]);
    await chat.slash(`end ${id}`);
    expect((await chat.posts()).at(-1)).toMatchObject({ onlyFor: expect.any(String) });
  });

  it('that chooses an agent stores it for its next turn, if the organisation has it', async () => {
    await chat.say('Fix the fare.');
    await chat.say('agent nobody');
    expect((await chat.session()).wishedAgent).toBeUndefined();
    await chat.say('agent reviewer');
    expect((await chat.session()).wishedAgent).toBe('reviewer');
    expect((await chat.posts()).map(({ body }) => body)).toEqual([
      expect.stringContaining('There are: `reviewer`'),
      expect.stringContaining('works as `reviewer`'),
    ]);
  });

  it('that sets a budget or a model stores it with the session that it is for, wherever it is said', async () => {
    await chat.say('Fix the fare.');
    const { id } = await chat.session();
    await chat.say('budget 20');
    await chat.say('model anthropic/claude-opus-5');
    expect(await chat.session()).toMatchObject({
      capNanoUsd: toNanoUsd(20),
      wishedModel: 'anthropic/claude-opus-5',
    });
    await chat.slash(`budget 30 ${id}`);
    await chat.say(`model default ${id}`, { origin: 'slack:T1/C9/9.0' });
    const { capNanoUsd, wishedModel } = await chat.session();
    expect({ capNanoUsd, wishedModel }).toEqual({ capNanoUsd: toNanoUsd(30), wishedModel: undefined });
    const [, , inSlash, elsewhere] = await chat.posts();
    expect(inSlash).toMatchObject({ destination: 'slack:T1/C1', onlyFor: ADA });
    expect(elsewhere).toMatchObject({ destination: 'slack:T1/C9/9.0' });
    expect((await chat.inbox()).slice(1).map(({ outcome }) => outcome?.kind)).toEqual(
      Array(4).fill('command-result'),
    );
  });

  it('that sets a budget or a model is for who asked for the session, and admins; to ask is for all', async () => {
    chat = open(['UADMIN']);
    await chat.say('approve_user UADA', { requester: ADMIN });
    await chat.say('approve_user UBOB', { requester: ADMIN });
    await chat.say('Fix the fare.');
    const { id } = await chat.session();
    const last = async () => (await chat.posts()).findLast(({ sessionId }) => sessionId === id)?.body;
    for (const command of ['budget 20', 'model default']) {
      await chat.say(command, { requester: BOB });
      expect(await last()).toMatch(/^Only who asked/);
    }
    expect((await chat.session()).capNanoUsd).toBeUndefined();
    await chat.say('budget', { requester: BOB });
    expect(await last()).toContain('$0.00 of $10.00');
    await chat.say('budget 20', { requester: ADMIN });
    expect((await chat.session()).capNanoUsd).toBe(toNanoUsd(20));
  });

  it('that gives leave to change workflow files is for who asked and was heard, and admins; status tells it', async () => {
    chat = open(['UADMIN']);
    await chat.say('approve_user UADA', { requester: ADMIN });
    await chat.say('approve_user UBOB', { requester: ADMIN });
    await chat.say('Fix the build.');
    const { id } = await chat.session();
    const last = async () => (await chat.posts()).findLast(({ sessionId }) => sessionId === id)?.body;
    await chat.say('allow workflows');
    expect(await last()).toMatch(/^Only who asked.*taken up their words/);
    await chat.take();
    await chat.say('allow workflows', { requester: BOB });
    expect(await last()).toMatch(/^Only who asked/);
    expect((await chat.session()).workflowLeave).toBeUndefined();

    await chat.say('allow workflows');
    expect((await chat.session()).workflowLeave).toMatchObject({ by: ADA });
    expect((await chat.inbox()).at(-1)?.outcome?.kind).toBe('command-result');
    await chat.say('status', { requester: BOB });
    expect(await last()).toContain('- Workflow files: may be changed, as `UADA` allowed');
    await chat.slash(`forbid workflows ${id}`);
    expect((await chat.session()).workflowLeave).toBeUndefined();
    await chat.say('status');
    expect(await last()).not.toContain('Workflow files');
    await chat.say(`allow workflows ${id}`, { requester: ADMIN, origin: 'slack:T1/C9/9.0' });
    expect((await chat.session()).workflowLeave).toMatchObject({ by: ADMIN });
  });

  it('that gives such leave to who waits for it reaches the agent as an answer', async () => {
    await chat.say('Fix the build.');
    await chat.take({ kind: 'answered', replyKey: 'q', asksBack: true });
    const { id, revision } = await chat.session();
    await chat.store.change(id, revision, { lastTurn: 'asked', status: 'waiting' });
    await chat.say('allow workflows');
    const heard = (await chat.inbox()).at(-1);
    expect(heard).toMatchObject({ body: { kind: 'text', text: 'allow workflows' } });
    expect(heard?.outcome).toBeUndefined();
    expect((await chat.session()).workflowLeave).toMatchObject({ by: ADA });
    expect((await chat.posts()).at(-1)?.body).toMatch(/^This session may change/);
  });

  it('tells what is spent of what may be', async () => {
    await chat.say('Fix the fare.');
    const { id } = await chat.session();
    const key = { sessionId: id, callNumber: 1 };
    await chat.ledger.reserve(key, [{ name: `session:${id}` }], 2_000_000_000);
    await chat.ledger.settle(key, 1_200_000_000, true);
    for (const command of ['status', 'cost', 'budget']) {
      await chat.say(command);
      expect((await chat.posts()).at(-1)?.body).toContain('$1.20 of $10.00');
    }
  });

  it('does not reach a session of another workspace, unless an admin gives it', async () => {
    chat = open(['UADMIN', 'slack:T2/UBOSS']);
    await chat.say('Fix the fare.', { requester: ADMIN });
    const { id } = await chat.session();
    const elsewhere = { workspace: 'slack:T2', origin: 'slack:T2/C1/1.0' };
    await chat.say('approve_user UEVE', { ...elsewhere, requester: 'slack:T2/UBOSS' });
    for (const command of [
      'history',
      'stop',
      'end',
      'status',
      'cost',
      'budget',
      'budget 9',
      'model',
      'take_over',
    ]) {
      await chat.say(`${command} ${id}`, { ...elsewhere, requester: 'slack:T2/UEVE' });
      expect((await chat.posts()).at(-1)?.body).toBe('I know no session of that id.');
    }
    expect(await chat.inbox()).toHaveLength(1);
    await chat.say(`status ${id}`, { ...elsewhere, requester: 'slack:T2/UBOSS' });
    expect((await chat.posts()).at(-1)?.body).toContain('Fix the fare.');
  });

  it('that nobody would say in other words is explained when it is not understood', async () => {
    await chat.say('approve_user Ada');
    expect((await chat.posts())[0]?.body).toContain('`approve_user @somebody`');
  });

  it('of the chat itself is answered to whoever gave it alone', async () => {
    await chat.slash('help');
    await chat.slash('please fix the fare');
    const posts = await chat.posts();
    expect(posts.map(({ onlyFor, destination }) => [onlyFor, destination])).toEqual([
      [ADA, 'slack:T1/C1'],
      [ADA, 'slack:T1/C1'],
    ]);
    expect(posts[1]?.body).toContain('with a mention of me');
  });
});

describe('taking over', () => {
  const OTHER = 'slack:T1/C2/2.0';

  it('lets a thread go on with a session of its requester’s', async () => {
    await chat.say('Fix the fare.');
    const { id } = await chat.session();
    await chat.say(`take_over ${id}`, { origin: OTHER });
    expect((await chat.store.findSession(OTHER))?.id).toBe(id);
    expect((await chat.posts()).at(-1)).toMatchObject({
      destination: OTHER,
      body: expect.stringContaining(id),
    });
  });

  it('is for who asked for the session, and admins', async () => {
    chat = open(['UADMIN', 'UBOB']);
    await chat.say('Fix the fare.', { requester: BOB });
    const { id } = await chat.session();
    await chat.say('approve_user <@UADA>', { requester: ADMIN });
    await chat.say(`take_over ${id}`, { origin: OTHER, requester: ADA });
    expect(await chat.store.findSession(OTHER)).toBeUndefined();
    await chat.say(`take_over ${id}`, { origin: OTHER, requester: ADMIN });
    expect((await chat.store.findSession(OTHER))?.id).toBe(id);
  });

  it('is refused in a thread that has a session of its own', async () => {
    await chat.say('Fix the fare.');
    await chat.say('Something else.', { origin: OTHER });
    await chat.say(`take_over ${(await chat.session()).id}`, { origin: OTHER });
    expect((await chat.posts()).at(-1)?.body).toContain('a session of its own');
  });
});

describe('with a list of admins', () => {
  beforeEach(() => {
    chat = open(['UADMIN']);
  });

  it('others are refused, told so once per thread and alone, and no session of theirs begins', async () => {
    await chat.say('Fix the fare.');
    await chat.say('Hello?');
    expect(await chat.store.findSession(THREAD)).toBeUndefined();
    const posts = await chat.posts();
    expect(posts).toEqual([expect.objectContaining({ destination: THREAD, onlyFor: ADA })]);
    const [aside] = await chat.sessions();
    const outcomes = (await chat.store.readInbox(aside?.id ?? '', 0)).map(({ outcome }) => outcome?.kind);
    expect(outcomes).toEqual(['refused', 'refused']);
  });

  it('others are told so where they would be greeted, once, and greeted when they may', async () => {
    await chat.handle(opened());
    await chat.handle(opened());
    expect(await chat.posts()).toEqual([
      expect.objectContaining({ destination: PANE, onlyFor: ADA, body: expect.stringContaining('not work') }),
    ]);
    await chat.say('approve_user <@UADA>', { requester: ADMIN });
    await chat.handle(opened());
    await chat.handle(opened());
    const greetings = (await chat.posts()).filter(({ body }) => body.includes('Tell me what to do'));
    expect(greetings).toMatchObject([{ destination: PANE }]);
  });

  it('a word of theirs that is not for the agent is none of its business', async () => {
    await chat.say('Fix the fare.', { requester: ADMIN });
    await chat.say('I think so, too.', { isAddressed: false });
    expect(await chat.inbox()).toHaveLength(1);
    expect(await chat.posts()).toEqual([]);
  });

  it('an admin lets somebody in, and out again', async () => {
    await chat.say('approve_user <@UADA>', { requester: ADMIN });
    await chat.say('Fix the fare.');
    expect(await chat.session()).toMatchObject({ requester: ADA });
    await chat.say('revoke_user <@UADA>', { requester: ADMIN });
    await chat.say('More.');
    expect(await chat.inbox()).toHaveLength(2);
  });

  it('a late delivery of an approval lets nobody in who was let out since', async () => {
    const approval = await chat.say('approve_user <@UADA>', { requester: ADMIN });
    await chat.say('revoke_user <@UADA>', { requester: ADMIN });
    await chat.handle(approval);
    await chat.say('Fix the fare.');
    expect(await chat.store.findSession(THREAD)).toBeUndefined();
  });

  it('only admins let others in, or see who is', async () => {
    await chat.say('approve_user <@UADA>', { requester: ADMIN });
    await chat.say('approve_user <@UBOB>');
    await chat.say('list_users');
    await chat.say('Fix the fare.', { requester: BOB, origin: 'slack:T1/C2/2.0' });
    expect(await chat.store.findSession('slack:T1/C2/2.0')).toBeUndefined();
    const refusals = (await chat.posts()).filter(({ body }) => body === 'Only an admin may do that.');
    expect(refusals).toHaveLength(2);
    await chat.say('list_users', { requester: ADMIN });
    expect((await chat.posts()).at(-1)?.body).toMatch(
      /Admins: `UADMIN`[^]*- `UADA`, by `UADMIN` on 2026-01-01/,
    );
  });

  it('only admins let a repository’s tool servers in, and those are nobody on the list', async () => {
    const hash = 'a1'.repeat(32);
    const { workspace, person } = approvalOfServers(WORKSPACE, hash);
    await chat.say('approve_user <@UADA>', { requester: ADMIN });
    await chat.say(`approve_mcp ${hash}`);
    expect(await chat.access.isApproved(workspace, person)).toBe(false);
    await chat.say(`approve_mcp ${hash}`, { requester: ADMIN });
    expect(await chat.access.isApproved(workspace, person)).toBe(true);
    await chat.say('list_users', { requester: ADMIN });
    expect((await chat.posts()).at(-1)?.body).not.toContain(hash);
    await chat.say(`revoke_mcp ${hash}`, { requester: ADMIN });
    expect(await chat.access.isApproved(workspace, person)).toBe(false);
  });

  it('an approval counts in its workspace alone', async () => {
    await chat.say('approve_user <@UADA>', { requester: ADMIN });
    const elsewhere = { workspace: 'slack:T2', origin: 'slack:T2/C1/1.0', requester: 'slack:T2/UADA' };
    await chat.say('Fix the fare.', elsewhere);
    expect(await chat.store.findSession('slack:T2/C1/1.0')).toBeUndefined();
  });
});

describe('a stranger where everybody can speak', () => {
  const stranger = { requester: 'github:eve', isStranger: true } as const;

  it('is heard when they speak to the agent, and not otherwise', async () => {
    await chat.say('Fix the fare.', stranger);
    await chat.say('Nice weather.', { ...stranger, isAddressed: false });
    expect(await chat.inbox()).toMatchObject([{ requester: 'github:eve', body: { text: 'Fix the fare.' } }]);
  });

  it.each(['help', 'status', 'cost', 'history', 'budget 99', 'model', 'stop', 'end', '', 'list_users'])(
    'has no command answered: %j',
    async (command) => {
      await chat.say('Fix the fare.');
      const { id } = await chat.session();
      await chat.say(command, stranger);
      await chat.say(`status ${id}`, stranger);
      await chat.say(command, { ...stranger, origin: 'slack:T1/C1/9.0' });
      expect(await chat.posts()).toEqual([]);
      expect(await chat.inbox()).toHaveLength(1);
      const isAside = ({ origin }: { readonly origin: string }) => origin.startsWith('aside:');
      expect((await chat.sessions()).filter((each) => !isAside(each))).toHaveLength(1);
    },
  );

  it('has none answered once refused, also in a session that they began', async () => {
    await chat.say('Fix the fare.', stranger);
    await chat.take({ kind: 'refused', reason: 'No.' });
    await chat.say('status', stranger);
    expect(await chat.posts()).toEqual([]);
  });

  it('whose command was left unanswered does not give it by its being told again', async () => {
    await chat.say('Fix the fare.', stranger);
    const stop = await chat.say('stop', stranger);
    await chat.take();
    await chat.handle(stop);
    expect(await chat.inbox()).toHaveLength(1);
  });

  it('is none any more once the agent has worked for them', async () => {
    await chat.say('Fix the fare.', stranger);
    await chat.take();
    await chat.say('stop', stranger);
    await chat.say('status', stranger);
    expect((await chat.inbox())[1]).toMatchObject({ body: { kind: 'command', command: 'stop' } });
    expect(await chat.posts()).toHaveLength(1);
  });
});

describe('where the place decides who may', () => {
  beforeEach(() => {
    chat = open(['UADMIN'], true);
  });

  it('everybody is heard, and nobody is let in by name', async () => {
    await chat.say('Fix the fare.', { requester: BOB });
    expect(await chat.inbox()).toHaveLength(1);
    await chat.say('approve_user <@UADA>', { requester: ADMIN });
    await chat.say('list_users', { requester: ADMIN });
    await chat.say('budget 99', { requester: ADMIN });
    const [approved, listed, granted] = (await chat.posts()).map(({ body }) => body);
    expect(approved).toMatch(/^Who may write to this repository/);
    expect(listed).toBe(approved);
    expect(granted).toMatch(/^Only who asked for that session/);
  });

  it('leave to change workflow files is given by whoever may write there, as whoever works has found', async () => {
    const last = async () => (await chat.posts()).at(-1)?.body;
    await chat.say('Fix the build.');
    await chat.take({ kind: 'cancelled' });
    await chat.say('allow workflows');
    expect(await last()).toMatch(/^Only somebody whose words/);
    await chat.say('Go on.', { requester: BOB });
    await chat.take();
    await chat.say('allow workflows', { requester: EVE, isStranger: true });
    expect((await chat.session()).workflowLeave).toBeUndefined();
    await chat.say('allow workflows', { requester: BOB });
    expect((await chat.session()).workflowLeave).toMatchObject({ by: BOB });
  });

  it('help says nothing of it', async () => {
    await chat.say('help');
    expect((await chat.posts())[0]?.body).not.toContain('approve_user');
  });
});
