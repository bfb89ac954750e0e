import { expect, it } from '@jest/globals';
import { FREE, SAFE_IMAGE_LIMITS, text, textOf } from '@swe/domain';
import {
  memoryAgentPorts,
  MemoryImage,
  MemoryWorkspace,
  openMemoryToolSource,
  scriptedTool,
} from '@swe/testing/memory';
import type { ScriptedTurn } from '@swe/testing/memory';
import { DEFAULT_PATIENCE, DEFAULT_SESSION_TIMING, DEFAULT_TURN_LIMITS, runSession } from './agent';
import { outsideTools } from './tools';

const ORIGIN = 'terminal:test';
const done: ScriptedTurn = { say: 'Done.' };

/** A session whose agent has the tool servers `shop` and `atlas`. */
function open(answers: readonly ScriptedTurn[]) {
  const { source, servers, clock, callTimeoutMs, startTimeoutMs } = openMemoryToolSource();
  const ports = { ...memoryAgentPorts(answers), clock };
  const { store, model } = ports;
  const tools = outsideTools(source, {
    workspace: new MemoryWorkspace(),
    spoolDirectory: '.swe/output',
    image: new MemoryImage(),
    limits: { imageLimits: SAFE_IMAGE_LIMITS, documentLimits: undefined },
  });
  const profile = {
    system: 'You are a test.',
    tools: [],
    outsideTools: async (_run: unknown, signal: AbortSignal) => (await tools(signal)).tools,
    limits: DEFAULT_TURN_LIMITS,
    patience: DEFAULT_PATIENCE,
    spending: { priceOf: () => FREE, capNanoUsd: 0 },
    endProcesses: async () => 0,
  };
  let messages = 0;
  return {
    model,
    servers,
    clock,
    callTimeoutMs,
    startTimeoutMs,
    async say(words: string) {
      messages += 1;
      const message = {
        messageKey: `m${messages}`,
        origin: ORIGIN,
        requester: 'local:tester',
        addressed: true,
      };
      const body = { kind: 'text', text: words } as const;
      const { sessionId } = await store.receive({ ...message, body, receivedAtMs: clock.nowMs() });
      const worker = { sessionId, holder: `agent-${messages}`, generation: 0 };
      return runSession(ports, worker, profile, DEFAULT_SESSION_TIMING);
    },
    offered: () => model.requests.map(({ tools }) => tools.map(({ name }) => name)),
    results: () =>
      model.requests
        .at(-1)
        ?.messages.flatMap(({ content }) =>
          content.flatMap((part) => (part.type === 'tool-result' ? [textOf(part.content)] : [])),
        ),
  };
}

it('the agent calls a tool of a tool server, and goes on with what it gave', async () => {
  const world = open([{ calls: [{ name: 'mcp__shop__sell', input: { what: 'apples' } }] }, done]);
  const ended = world.say('Sell the apples.');
  const call = await world.servers.shop.called();
  expect(call.input).toEqual({ what: 'apples' });
  call.answer({ content: [text('sold')], isError: false });
  expect((await ended).outcome?.kind).toBe('answered');
  expect(world.results()?.join()).toContain('sold');
});

it('a tool server that hangs costs one call its deadline, and the work goes on', async () => {
  const world = open([{ calls: [{ name: 'mcp__shop__sell', input: {} }] }, done]);
  const ended = world.say('Sell something.');
  await world.servers.shop.called();
  await world.clock.advance(world.callTimeoutMs);
  expect((await ended).outcome?.kind).toBe('answered');
  expect(world.results()?.join()).toContain('no answer in time');
});

it('a tool server that does not come up leaves the others, and the agent can find out', async () => {
  const world = open([{ calls: [{ name: 'mcp_search', input: { words: 'map' } }] }, done]);
  world.servers.atlas.isMute = true;
  const ended = world.say('Where are we?');
  await world.clock.advance(world.startTimeoutMs);
  await ended;
  expect(world.offered()[0]).toEqual(['mcp__shop__find', 'mcp__shop__sell', 'mcp_search', 'mcp_call']);
  expect(world.results()?.join()).toContain('server atlas is in trouble');
});

it('tools that change in a turn are seen in the next one, so that within one the prompt stays as it is', async () => {
  const call = { calls: [{ name: 'mcp__shop__sell', input: {} }] };
  const world = open([call, done, done]);
  const ended = world.say('Sell something.');
  const called = await world.servers.shop.called();
  world.servers.shop.offer([scriptedTool('rent')]);
  called.answer({ content: [], isError: false });
  await ended;
  await world.say('And now?');
  const [first, second, third] = world.offered();
  expect(second).toEqual(first);
  expect(third).toEqual(['mcp__atlas__locate', 'mcp__shop__rent']);
});
