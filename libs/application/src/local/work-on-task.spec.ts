import { beforeEach, expect, it } from '@jest/globals';
import { Fault, FREE } from '@swe/domain';
import type { AgentEvent } from '@swe/domain';
import {
  ManualClock,
  MemoryAccess,
  MemoryBlobStore,
  MemoryChat,
  MemoryCompute,
  MemoryDirectory,
  MemoryEventBus,
  MemoryImage,
  MemoryJournal,
  MemoryLedger,
  MemoryOutbox,
  MemoryRepoHost,
  MemorySessionStore,
  MemorySnapshots,
  MemoryStore,
  MemoryWebPage,
  MemoryWorkspace,
  ScriptedLanguageModel,
  ScriptedProcesses,
  silentLogger,
} from '@swe/testing/memory';
import type { ScriptedTurn } from '@swe/testing/memory';
import { DEFAULT_SESSION_TIMING, routeRepoHosts } from '../agent';
import { workOnTask } from './work-on-task';
import type { TaskPorts, TaskRun } from './work-on-task';

const SHOP = 'forge://shop';
const TASK = { message: 'Fix it.', repository: SHOP, issue: { repository: SHOP, number: 1 } };
const question = { calls: [{ name: 'ask_user', input: { question: 'Which one?' } }] };

let stop: AbortController;
let say: (words: string) => void;
beforeEach(() => {
  stop = new AbortController();
});

function openDesk(answers: readonly ScriptedTurn[]) {
  const shared = new MemoryStore();
  const chat = new MemoryChat();
  const clock = new ManualClock();
  const repoHost = new MemoryRepoHost();
  repoHost.addRepository(SHOP);
  const model = new ScriptedLanguageModel(answers);
  const closed: string[] = [];
  let ids = 0;
  const ports: TaskPorts = {
    store: new MemorySessionStore(shared),
    journal: new MemoryJournal(shared),
    outbox: new MemoryOutbox(shared),
    ledger: new MemoryLedger(shared),
    bus: new MemoryEventBus(),
    chat,
    blobs: new MemoryBlobStore(),
    compute: new MemoryCompute(),
    clock,
    ...routeRepoHosts([{ serves: (url) => url.startsWith('forge://'), repoHost }]),
    directory: new MemoryDirectory(),
    access: new MemoryAccess(),
    image: new MemoryImage(),
    webPage: new MemoryWebPage(),
    models: [model],
    openModel: async () => model,
    logger: silentLogger,
    random: { fraction: () => 0.5, id: () => `id${(ids += 1)}` },
    observe: (_event: AgentEvent) => undefined,
  };
  const run: TaskRun = {
    requester: 'local:ada',
    holder: 'host:1',
    adopt: () => undefined,
    timing: DEFAULT_SESSION_TIMING,
    ripgrepPath: '/rg',
    spending: { priceOf: () => FREE, capNanoUsd: 0 },
    async openMachine(sessionId) {
      const workspace = new MemoryWorkspace();
      const processes = new ScriptedProcesses({ workspace, clock, programs: {} });
      return {
        workspace,
        processes,
        grant: () => undefined,
        pushProcesses: processes,
        heed: () => undefined,
        snapshots: new MemorySnapshots(),
        logger: silentLogger,
        [Symbol.asyncDispose]: async () => void closed.push(sessionId),
      };
    },
    signal: stop.signal,
    onUnheard: (error) => {
      throw error;
    },
  };
  const listening: TaskRun = {
    ...run,
    listen: (listener) => {
      say = listener;
      return () => undefined;
    },
  };
  return { shared, ports, run, listening, chat, clock, model, closed, repoHost };
}

it('a task becomes a session of its own, is answered, and its machine is put away', async () => {
  const { ports, run, model, closed } = openDesk([{ say: 'Done.' }]);
  const { session, outcome } = await workOnTask(ports, { task: TASK }, run);
  expect(outcome).toMatchObject({ kind: 'answered' });
  expect(session).toMatchObject({ status: 'waiting', requester: 'local:ada', issue: TASK.issue });
  expect(model.requests[0]?.system).toContain(`swe/${session.id}-issue-1`);
  expect(closed).toEqual([session.id]);
});

it('a session is gone on with, with a further message, in its own thread', async () => {
  const desk = openDesk([{ say: 'Done.' }, { say: 'More done.' }]);
  const { session } = await workOnTask(desk.ports, { task: TASK }, desk.run);
  const again = await workOnTask(desk.ports, { session, message: 'And more.' }, desk.run);
  expect(again.session.id).toBe(session.id);
  expect(desk.chat.seen(session.origin)).toEqual(['Done.', 'More done.']);
});

it('nothing is stored with a session that another process is at', async () => {
  const { ports, run, model } = openDesk([{ say: 'Done.' }]);
  const { session } = await workOnTask(ports, { task: TASK }, run);
  const { id: sessionId, generation } = session;
  const other = { sessionId, generation, workerId: 'other', state: 'running' } as const;
  const busy = { ...ports, compute: { describe: async () => other, confirmDead: async () => false } };
  const before = await ports.store.load(session.id);
  const work = workOnTask(busy, { session, message: 'And more.' }, { ...run, wishes: { capNanoUsd: 5 } });
  await expect(work).rejects.toMatchObject({
    kind: 'conflict',
    message: expect.stringContaining('--detach'),
  });
  expect(await ports.store.load(session.id)).toEqual(before);
  expect(await ports.store.readInbox(session.id, 0)).toHaveLength(1);
  model.assertDone();
});

it('what a session may spend is set with its task, and with what it is gone on with', async () => {
  const { ports, run } = openDesk([{ say: 'Done.' }, { say: 'More done.' }]);
  const { session } = await workOnTask(
    ports,
    { task: TASK },
    { ...run, wishes: { capNanoUsd: 5, agent: 'reviewer' } },
  );
  expect(session.wishedAgent).toBe('reviewer');
  expect(session.capNanoUsd).toBe(5);
  const again = await workOnTask(
    ports,
    { session, message: 'And more.' },
    { ...run, wishes: { capNanoUsd: 9, agent: 'default' } },
  );
  expect(again.session.wishedAgent).toBeUndefined();
  expect(again.session.capNanoUsd).toBe(9);
});

it('a session that began in a chat is gone on with in plain words', async () => {
  const { ports, run, model } = openDesk([{ say: 'Done.' }]);
  const origin = 'slack:T1/C1/1.0';
  const requester = 'slack:T1/UADA';
  const body = { kind: 'text', text: 'Ask <@UBOB>.' } as const;
  const message = { messageKey: origin, origin, requester, addressed: true, body, receivedAtMs: 1 };
  const { sessionId } = await ports.store.receive(message);
  const session = (await ports.store.load(sessionId))!;
  const seen: AgentEvent[] = [];
  const plainWords = async (words: string, who: string) =>
    who === requester ? words.replaceAll('<@UBOB>', '@Bob') : words;
  await workOnTask(
    { ...ports, observe: (event) => void seen.push(event) },
    { session, message: undefined },
    { ...run, plainWords },
  );
  expect(seen.find(({ type }) => type === 'session.opened')).toMatchObject({ title: 'Ask @Bob.' });
  expect(model.requests[0]?.messages.at(-1)).toMatchObject({ content: [{ text: 'Ask @Bob.' }] });
});

it('a question ends the run where nobody is there', async () => {
  const { ports, run } = openDesk([question]);
  expect((await workOnTask(ports, { task: TASK }, run)).outcome).toMatchObject({ asksBack: true });
});

it('a question is answered by who is there, and the work goes on', async () => {
  const { ports, listening, clock, model } = openDesk([question, { say: 'The red one, then.' }]);
  const work = workOnTask(ports, { task: TASK }, listening);
  await clock.advance(0);
  say('The red one.');
  await clock.advance(0);
  expect((await work).outcome).toMatchObject({
    kind: 'answered',
    replyKey: expect.stringContaining('answer'),
  });
  model.assertDone();
});

it('a stop while a question is open ends the run', async () => {
  const { ports, listening, clock } = openDesk([question]);
  const work = workOnTask(ports, { task: TASK }, listening);
  await clock.advance(0);
  stop.abort();
  expect((await work).outcome).toMatchObject({ asksBack: true });
});

it('what is said while the agent works joins at its next step', async () => {
  const { ports, listening, clock, model } = openDesk([
    async () => {
      say('In red, please.');
      await clock.advance(0);
      return { calls: [{ name: 'report_progress', input: { message: 'Started.' } }] };
    },
    { say: 'Done in red.' },
  ]);
  await workOnTask(ports, { task: TASK }, listening);
  expect(JSON.stringify(model.requests[1]?.messages)).toContain('In red, please.');
});

/** A session that has opened a pull request, and a check of it that runs. */
async function withPullRequest({ ports, run, repoHost }: ReturnType<typeof openDesk>) {
  const { session: first } = await workOnTask(ports, { task: TASK }, run);
  const headSha = repoHost.pushCommit(SHOP, 'swe/s');
  const draft = { repository: SHOP, headBranch: 'swe/s', baseBranch: 'main', title: 't', body: 'b' };
  const { number, url } = await repoHost.openPullRequest(draft);
  repoHost.setCheck(SHOP, headSha, { name: 'test', state: 'pending', summary: '' });
  const pullRequests = [{ repository: SHOP, headBranch: 'swe/s', number, url }];
  const session = await ports.store.change(first.id, first.revision, { pullRequests });
  return { session, headSha };
}

it('a wait for checks that takes long goes on in the process, and ends with what the person says', async () => {
  const wait = { calls: [{ name: 'wait_for_checks', input: {} }] };
  const answers = [{ say: 'Opened.' }, wait, { say: 'It still runs.' }, wait, { say: 'It failed.' }];
  const desk = openDesk(answers);
  const { ports, run, listening, clock, model, repoHost, chat } = desk;
  const { session, headSha } = await withPullRequest(desk);

  const work = workOnTask(ports, { session, message: 'And?' }, listening);
  await clock.advance(7 * 60_000);
  expect(await ports.store.load(session.id)).toMatchObject({ status: 'waiting' });
  expect(await ports.store.readLease(session.id)).toBeUndefined();
  say('How is it going?');
  await clock.advance(0);
  expect(chat.seen(session.origin)).toEqual(['Opened.', 'It still runs.']);
  // Its turn is over, and with it the run: the next one waits anew.
  expect((await work).outcome).toMatchObject({ kind: 'answered' });

  const again = workOnTask(ports, { session: (await work).session, message: 'Wait on.' }, run);
  await clock.advance(7 * 60_000);
  repoHost.setCheck(SHOP, headSha, { name: 'lint', state: 'failure', summary: '' });
  await clock.advance(3 * 60_000);
  expect((await again).outcome).toMatchObject({ kind: 'answered' });
  expect(chat.seen(session.origin).at(-1)).toBe('It failed.');
  model.assertDone();
});

it('a stop ends a wait for checks that takes long', async () => {
  const desk = openDesk([{ say: 'Opened.' }, { calls: [{ name: 'wait_for_checks', input: {} }] }]);
  const { ports, run, clock } = desk;
  const { session } = await withPullRequest(desk);
  const work = workOnTask(ports, { session, message: 'And?' }, run);
  await clock.advance(7 * 60_000);
  stop.abort();
  await clock.advance(0);
  expect((await work).outcome).toEqual({ kind: 'stopped' });
  expect((await work).session.wakeAtMs).toBeUndefined();
});

it('a store that can’t be written ends the run with the way to go on, and what goes on ends once', async () => {
  const { shared, ports, run, chat } = openDesk([{ say: 'Done.' }, { say: 'Done again.' }]);
  const { journal } = ports;
  let writes = 0;
  const full: TaskPorts['journal'] = {
    read: (id, fromSeq) => journal.read(id, fromSeq),
    append: async (write) => {
      writes += 1;
      if (writes > 1) throw new Fault('transient', 'store.sqlite is full.');
      return journal.append(write);
    },
  };
  const told = /^Session (s\w+) stopped in its work: store\.sqlite is full\. .*swe run --resume \1$/;
  const fault = expect.objectContaining({ kind: 'transient', message: expect.stringMatching(told) });
  await expect(workOnTask({ ...ports, journal: full }, { task: TASK }, run)).rejects.toEqual(fault);

  const [session] = (await new MemorySessionStore(shared).list({ limit: 1 })).items;
  const resumed = await workOnTask(ports, { session: session!, message: undefined }, run);
  expect(resumed.outcome).toMatchObject({ kind: 'answered' });
  expect(chat.seen(resumed.session.origin)).toEqual(['Done again.']);
});
