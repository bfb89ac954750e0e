import { expect, it } from '@jest/globals';
import { z } from 'zod';
import { BUILT_IN_MODELS, FREE, textOf } from '@swe/domain';
import { MemoryAccess, memoryAgentPorts, silentLogger } from '@swe/testing/memory';
import type { ScriptedTurn } from '@swe/testing/memory';
import {
  DEFAULT_PATIENCE,
  DEFAULT_SESSION_TIMING,
  DEFAULT_TURN_LIMITS,
  defineTool,
  failed,
  runSession,
  said,
} from './agent';
import type { AgentProfile, PushStanding } from './agent';
import { handleChatEvent } from './ingress';
import { askUser } from './tools/ask-user';

const THREAD = 'slack:T/C/1.1';
const [ADA, BOB] = ['slack:T/UADA', 'slack:T/UBOB'];

const push = (): ScriptedTurn => ({ calls: [{ name: 'bash', input: {} }] });
const ask = (): ScriptedTurn => ({
  calls: [{ name: 'ask_user', input: { question: 'May I? Say: allow workflows' } }],
});

/** An agent that pushes a workflow file from its shell, in a thread of Ada's. */
function open(answers: readonly ScriptedTurn[]) {
  const ports = memoryAgentPorts(answers);
  const { store, journal, ledger, bus, chat, clock, model } = ports;
  let standing: PushStanding | undefined;
  let whilePushing = async (): Promise<void> => undefined;
  const profile: AgentProfile = {
    system: 'You are a test.',
    tools: [
      defineTool({
        name: 'bash',
        description: 'git push',
        access: 'acts',
        input: z.object({}),
        run: async () => {
          await whilePushing();
          return (await standing?.mayChangeWorkflows()) ? said('pushed') : failed('refused');
        },
      }),
      askUser(),
    ],
    limits: DEFAULT_TURN_LIMITS,
    patience: DEFAULT_PATIENCE,
    spending: { priceOf: () => FREE, capNanoUsd: 0 },
    heed: (told) => {
      standing = told;
    },
    endProcesses: async () => 0,
  };
  const rules = { admins: undefined, allowedBots: [], providers: [], models: [model.id] };
  const session = async () => (await store.findSession(THREAD))!;
  let messages = 0;
  return {
    model,
    whilePushing: (act: () => Promise<void>) => void (whilePushing = act),
    async say(text: string, requester = ADA): Promise<void> {
      messages += 1;
      await handleChatEvent(
        { store, ledger, access: new MemoryAccess(), bus, clock, logger: silentLogger },
        { ...rules, catalog: BUILT_IN_MODELS, capNanoUsd: 0 },
        {
          ...{ kind: 'said', text, files: [], isAddressed: true, isBot: false },
          ...{ origin: THREAD, requester, workspace: 'slack:T' },
          ...{ messageKey: `slack:T/C/1.${messages}`, receivedAtMs: clock.nowMs() },
        },
      );
    },
    async work(): Promise<void> {
      const { id, revision, generation: before } = await session();
      const generation = before + 1;
      await store.change(id, revision, { generation });
      const worker = { sessionId: id, holder: `agent-${generation}`, generation };
      await runSession(ports, worker, profile, DEFAULT_SESSION_TIMING);
    },
    posts: () => chat.seen(THREAD),
    async results(): Promise<readonly string[]> {
      const entries = await Array.fromAsync(journal.read((await session()).id, 1));
      return entries.flatMap((entry) =>
        entry.kind === 'tool-finished' && entry.name === 'bash' ? [textOf(entry.content)] : [],
      );
    },
  };
}

it('I am asked before a workflow file is changed, and `allow workflows` is my answer', async () => {
  const world = open([push(), ask(), push(), { say: 'Pushed.' }]);
  await world.say('Have the build run on Node 24.');
  await world.work();
  expect(await world.results()).toEqual(['refused']);
  await world.say('allow workflows', BOB);
  await world.work();
  expect(await world.results()).toEqual(['refused']);
  await world.say('allow workflows');
  await world.work();
  expect(await world.results()).toEqual(['refused', 'pushed']);
  expect(world.posts().at(-1)).toBe('Pushed.');
  await world.say('status');
  await world.work();
  expect(world.posts().at(-1)).toContain('Workflow files: may be changed, as `UADA` allowed');
  world.model.assertDone();
});

it('what I take back counts at once, also while it works', async () => {
  const world = open([{ say: 'Ready.' }, push(), push(), { say: 'Done.' }]);
  await world.say('Wait for me.');
  await world.work();
  await world.say('allow workflows');
  await world.say('Push it.');
  let pushes = 0;
  world.whilePushing(async () => {
    pushes += 1;
    if (pushes === 2) await world.say('forbid workflows');
  });
  await world.work();
  expect(await world.results()).toEqual(['pushed', 'refused']);
  world.model.assertDone();
});
