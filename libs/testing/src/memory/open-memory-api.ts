import { BUILT_IN_MODELS, newKey, secretHashOf, tokenOf, toNanoUsd } from '@swe/domain';
import type { ApiKey, NewJournalEntry } from '@swe/domain';
import { ManualClock } from './manual-clock';
import { MemoryApiKeys } from './memory-api-keys';
import { MemoryEventBus } from './memory-event-bus';
import { MemoryGlimpses } from './memory-glimpses';
import { MemoryJournal } from './memory-journal';
import { MemoryLedger } from './memory-ledger';
import { MemoryOutbox } from './memory-outbox';
import { MemorySessionStore } from './memory-session-store';
import { MemoryStore } from './memory-store';

/** What a test sends. */
export interface Sent {
  readonly token?: string | undefined;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: unknown;
  readonly signal?: AbortSignal;
}

function openMemoryPorts() {
  const shared = new MemoryStore();
  const clock = new ManualClock();
  const logged: { readonly event: string }[] = [];
  const log = (event: string, fields: object = {}): void => void logged.push({ event, ...fields });
  const logger = { debug: log, info: log, warn: log, error: log, with: () => logger };
  let ids = 0;
  const random = { id: () => (ids += 1).toString(16).padStart(8, '0').padEnd(32, '0') };
  return {
    store: new MemorySessionStore(shared),
    journal: new MemoryJournal(shared),
    outbox: new MemoryOutbox(shared),
    ledger: new MemoryLedger(),
    keys: new MemoryApiKeys(),
    bus: new MemoryEventBus(),
    glimpses: new MemoryGlimpses(),
    clock,
    random,
    logger,
    logged,
  };
}

/** What an API is served over. */
export type MemoryApiPorts = ReturnType<typeof openMemoryPorts>;

/** What may be wished for there. */
const RULES = {
  catalog: BUILT_IN_MODELS,
  models: ['anthropic/claude-sonnet-5-5'],
  providers: ['anthropic'],
  capNanoUsd: toNanoUsd(10),
};

/** An HTTP API over memory adapters, as `serve` makes one of them. */
export function openMemoryApi(
  serve: (ports: MemoryApiPorts, rules: typeof RULES) => (request: Request) => Response | Promise<Response>,
) {
  const ports = openMemoryPorts();
  const { clock, random } = ports;
  const fetch = serve(ports, RULES);
  return {
    ...ports,
    /** Makes a key, and gives what opens the API. */
    async key(
      scopes: ApiKey['scopes'],
      changes: Partial<ApiKey> = {},
    ): Promise<{ id: string; token: string }> {
      const { id, secret } = newKey([random.id(), random.id(), random.id()]);
      const createdAtMs = clock.nowMs();
      const times = { createdAtMs, expiresAtMs: createdAtMs + 1_000_000 };
      const made = { id, name: 'test', secretHash: secretHashOf(secret), scopes, createdBy: 'local:ada' };
      await ports.keys.create({ ...made, ...times, ...changes });
      return { id, token: tokenOf({ id, secret }) };
    },
    async send(method: string, path: string, { token, headers, body, signal }: Sent = {}): Promise<Response> {
      return fetch(
        new Request(`http://127.0.0.1/api/v1${path}`, {
          method,
          headers: { ...(token !== undefined && { authorization: `Bearer ${token}` }), ...headers },
          ...(body !== undefined && { body: typeof body === 'string' ? body : JSON.stringify(body) }),
          ...(signal && { signal }),
        }),
      );
    },
    /** Somebody holds the session's lease and writes to its journal. */
    async work(sessionId: string) {
      const claim = { sessionId, holder: 'agent', generation: 0, dueAtMs: 0 };
      const { fence } = await ports.store.takeLease(claim);
      const write = { sessionId, fence };
      return {
        append: (...entries: NewJournalEntry[]) => ports.journal.append({ ...write, entries }),
        begin: () => ports.journal.append({ ...write, entries: [], session: { status: 'working' } }),
        /** Answers its first message, and ends it. */
        async end(body: string): Promise<void> {
          const effectKey = `${sessionId}/answer-1`;
          const outcome = { kind: 'answered', replyKey: effectKey } as const;
          const post = { effectKey, sessionId, destination: 'api:', class: 'message', body } as const;
          await ports.journal.append({
            ...write,
            entries: [{ kind: 'state-changed', atMs: 3, from: 'working', to: 'ended', outcome }],
            admit: { cursor: 1, items: [{ seq: 1, revision: 0 }] },
            outcomes: [{ seq: 1, outcome }],
            outbox: [{ ...post, createdAtMs: 3 }],
            session: { status: 'ended' },
          });
        },
      };
    },
  };
}

export type MemoryApi = ReturnType<typeof openMemoryApi>;
