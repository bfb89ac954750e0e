import { describe, expect, it } from '@jest/globals';
import type { AgentPorts } from './session-run';
import {
  ManualClock,
  MemoryChat,
  MemoryEventBus,
  MemoryJournal,
  MemoryOutbox,
  MemorySessionStore,
  MemoryStore,
  ScriptedLanguageModel,
} from '@swe/testing/memory';
import { runSession } from './run-session';
import { DEFAULT_TURN_LIMITS } from './turn-limit-policy';

const silent = { debug() {}, info() {}, warn() {}, error() {}, with: () => silent };

describe('a session that a person ends', () => {
  it('refuses what was sent behind the end, in words, and is let go', async () => {
    const shared = new MemoryStore();
    const store = new MemorySessionStore(shared);
    const chat = new MemoryChat();
    const model = new ScriptedLanguageModel([{ say: 'Hello.' }]);
    const ports: AgentPorts = {
      store,
      journal: new MemoryJournal(shared),
      outbox: new MemoryOutbox(shared),
      chat,
      bus: new MemoryEventBus(),
      model,
      clock: new ManualClock(),
      logger: silent,
      observe: () => undefined,
    };
    const profile = { system: '', tools: [], limits: DEFAULT_TURN_LIMITS, readIssue: async () => undefined };
    const from = { origin: 'terminal:1', requester: 'local:ada', addressed: true, receivedAtMs: 0 };
    const { sessionId } = await store.receive({
      ...from,
      messageKey: 'm1',
      body: { kind: 'command', command: 'end' },
    });
    await store.receive({ ...from, messageKey: 'm2', body: { kind: 'text', text: 'One more thing.' } });

    await runSession(ports, sessionId, 'agent-1', profile);
    const outcomes = (await store.readInbox(sessionId, 0)).map(({ outcome }) => outcome?.kind);
    expect(outcomes).toEqual(['command-result', 'refused']);
    expect(chat.seen('terminal:1')).toEqual([expect.stringContaining('ended')]);
    expect((await store.load(sessionId))?.status).toBe('ended');
    expect(await store.readLease(sessionId)).toBeUndefined();
  });
});
