import { handleSlackRequest } from '@swe/adapter-slack/requests';
import {
  DEFAULT_PATIENCE,
  DEFAULT_SESSION_TIMING,
  DEFAULT_TURN_LIMITS,
  runSession,
} from '@swe/application/agent';
import { handleChatEvent } from '@swe/application/ingress';
import { DEFAULT_MANAGER_TIMING, sweep } from '@swe/application/worker-manager';
import { BUILT_IN_MODELS, FREE, isFault, noUsage, placeholderPerson, toNanoUsd } from '@swe/domain';
import type { ChatEvent, LanguageModel, SessionStore } from '@swe/domain';
import {
  ManualClock,
  MemoryAccess,
  MemoryBlobStore,
  MemoryChat,
  MemoryCompute,
  MemoryDirectory,
  MemoryEventBus,
  MemoryJournal,
  MemoryLedger,
  MemoryOutbox,
  MemorySessionStore,
  MemorySnapshots,
  MemoryStore,
  silentLogger,
} from '@swe/testing/memory';
import { signature, TEAM } from '@swe/testing/servers';
import type { Chance } from './chance';
import { OUTSIDERS, PEOPLE } from './slack-history';
import type { SlackBody } from './slack-history';
import { APPROVED } from './slack-oracle';
import type { SlackDeath, SlackRemains } from './slack-oracle';
import type { SlackProtection } from './slack-protection';
import { allSessions } from './world-store';

const SECRET = '8f742231b10e8888abcd99yyyzzz85a5';
const WORKSPACE = `slack:${TEAM.id}`;
const LONGEST_THOUGHT_MS = 4_000;
/** Each of them ends with all agents gone. */
const MOST_ROUNDS = 50;
const PAGE = 100;
const STALE_MS = 6 * 60_000;

const PROFILE = {
  system: 'You answer.',
  tools: [],
  limits: DEFAULT_TURN_LIMITS,
  patience: DEFAULT_PATIENCE,
  spending: { priceOf: () => FREE, capNanoUsd: 0 },
  endProcesses: async () => 0,
};

export interface SlackWorkspaceOptions {
  readonly chance: Chance;
  readonly hasAdmins: boolean;
  /** Everything but this protects. */
  readonly without?: SlackProtection | undefined;
}

class Died extends Error {}

/**
 * What is behind Slack's requests, in one event loop on virtual time: the ingress, which can die at its write, a store,
 * and the agent's own session runner with a model that thinks for some seconds and answers.
 */
export class SlackWorkspace {
  readonly clock = new ManualClock();
  readonly #data = new MemoryStore();
  readonly #store = new MemorySessionStore(this.#data);
  readonly #outbox = new MemoryOutbox(this.#data);
  readonly #ledger = new MemoryLedger(this.#data);
  readonly #journal = new MemoryJournal(this.#data);
  readonly #blobs = new MemoryBlobStore();
  readonly #bus = new MemoryEventBus();
  readonly #chat = new MemoryChat();
  readonly #access = new MemoryAccess();
  readonly #directory = new MemoryDirectory();
  readonly #ingressStore: SessionStore;
  readonly #options: SlackWorkspaceOptions;
  readonly #runs = new Map<string, Promise<void>>();
  #death: SlackDeath;
  #holders = 0;

  constructor(options: SlackWorkspaceOptions) {
    this.#options = options;
    const mortal = this.#mortal();
    const receive = options.without?.receive?.(mortal, this.#data);
    this.#ingressStore = receive === undefined ? mortal : withMethods(mortal, { receive });
  }

  async open(): Promise<void> {
    for (const person of APPROVED) {
      const by = `${WORKSPACE}/${PEOPLE.admin}`;
      await this.#access.approve({ workspace: WORKSPACE, person: `${WORKSPACE}/${person}`, by, atMs: 0 });
    }
    if (this.#options.without?.knowsNobody === true) return;
    for (const id of OUTSIDERS.map((person) => `${WORKSPACE}/${person}`)) {
      const isForeign = id.endsWith(PEOPLE.foreigner);
      const person = { ...placeholderPerson(id), isKnown: true, isGuest: !isForeign, isForeign };
      this.#directory.people.set(id, person);
    }
  }

  get isAtWork(): boolean {
    return this.#runs.size > 0;
  }

  /** Sends a body, signed now. With `death` who takes it dies at its first write. False: to be sent again. */
  async send({ body: given, contentType }: SlackBody, death?: SlackDeath): Promise<boolean> {
    this.#death = death;
    const { without } = this.#options;
    const body = without?.body?.(given) ?? given;
    try {
      return await this.#request(
        contentType,
        body,
        signature(body, { signingSecret: SECRET, clock: this.clock }),
      );
    } catch (error) {
      if (error instanceof Died) return false;
      throw error;
    } finally {
      this.#death = undefined;
    }
  }

  /** Sends what is not Slack's: signed with another secret, or as it was six minutes ago, or will be in six. */
  async sendForged({ body, contentType }: SlackBody, how: 'unsigned' | 'stale' | 'early'): Promise<void> {
    const offMs = { unsigned: 0, stale: -STALE_MS, early: STALE_MS }[how];
    const isTrusted = this.#options.without?.trustsAnybody === true;
    const clock = { nowMs: () => this.clock.nowMs() + (isTrusted ? 0 : offMs) };
    const signingSecret = how === 'unsigned' && !isTrusted ? `${SECRET}x` : SECRET;
    await this.#request(contentType, body, signature(body, { signingSecret, clock }));
  }

  /** Whether it was answered as taken. */
  async #request(
    contentType: string,
    body: string,
    signed: Readonly<Record<string, string>>,
  ): Promise<boolean> {
    const { without } = this.#options;
    const headers = { 'content-type': contentType, ...signed };
    const request = new Request('http://slack.invalid/slack/events', { method: 'POST', headers, body });
    const handle = (event: ChatEvent): Promise<void> => this.#handle(without?.event?.(event) ?? event);
    const options = { signingSecret: async () => SECRET, handle, clock: this.clock, logger: silentLogger };
    return (await handleSlackRequest(request, options)).ok;
  }

  #handle(event: ChatEvent): Promise<void> {
    const ports = {
      ledger: this.#ledger,
      access: this.#access,
      bus: this.#bus,
      clock: this.clock,
      logger: silentLogger,
    };
    const rules = {
      admins: this.#options.hasAdmins ? [PEOPLE.admin] : undefined,
      allowedBots: [`${WORKSPACE}/${PEOPLE.friend}`],
      catalog: BUILT_IN_MODELS,
      models: ['anthropic/claude-opus-5-5'],
      providers: ['anthropic'],
      capNanoUsd: toNanoUsd(10),
    };
    return handleChatEvent({ ...ports, store: this.#ingressStore }, rules, event);
  }

  /** Has an agent work on each session that holds something unread. */
  async begin(): Promise<void> {
    const { items } = await this.#store.listDue(this.clock.nowMs(), { limit: PAGE });
    for (const sessionId of items) {
      if (this.#runs.has(sessionId) || !(await this.#hasUnread(sessionId))) continue;
      this.#runs.set(
        sessionId,
        this.#serve(sessionId).finally(() => this.#runs.delete(sessionId)),
      );
    }
  }

  async #hasUnread(sessionId: string): Promise<boolean> {
    const session = await this.#store.load(sessionId);
    return session !== undefined && (await this.#store.readInbox(sessionId, session.cursor)).length > 0;
  }

  async #serve(sessionId: string): Promise<void> {
    this.#holders += 1;
    const { generation = 0 } = (await this.#store.load(sessionId)) ?? {};
    const worker = { sessionId, holder: `agent-${this.#holders}`, generation };
    const model = answering(this.clock, this.#options.chance);
    const ports = {
      ...this.#agentPorts(),
      snapshots: new MemorySnapshots(),
      bus: this.#bus,
      models: [model] as const,
      openModel: async () => model,
      observe: () => undefined,
    };
    try {
      await runSession(ports, worker, { ...PROFILE, directory: this.#directory }, DEFAULT_SESSION_TIMING);
    } catch (error) {
      // What it was about to read was edited or deleted. Whoever follows reads it as it is.
      if (!isFault(error, 'conflict')) throw error;
    }
  }

  /** Lets the agents work until nothing is left for them, or they get no further. */
  async rest(): Promise<void> {
    for (let round = 0; round < MOST_ROUNDS; round += 1) {
      await this.begin();
      if (!this.isAtWork) return;
      while (this.isAtWork) await this.clock.advance(1_000);
    }
  }

  /** What is left when all is done, and the manager has delivered what is nobody else's. */
  async remains(): Promise<SlackRemains> {
    await this.rest();
    const compute = new MemoryCompute();
    const ports = { ...this.#agentPorts(), compute, directory: this.#directory };
    await sweep(ports, { name: 'manager', timing: DEFAULT_MANAGER_TIMING });
    const sessions = await allSessions(this.#store);
    const inboxes = await Promise.all(sessions.map(({ id }) => this.#store.readInbox(id, 0)));
    return { items: inboxes.flat(), posts: this.#chat.posts };
  }

  #agentPorts() {
    return {
      store: this.#store,
      journal: this.#journal,
      outbox: this.#outbox,
      ledger: this.#ledger,
      chat: this.#chat,
      blobs: this.#blobs,
      clock: this.clock,
      random: { fraction: () => 0.5 },
      logger: silentLogger,
    };
  }

  /** The store as an ingress has it that can die at a write. */
  #mortal(): SessionStore {
    const store = this.#store;
    const dying = async <T>(write: () => Promise<T>): Promise<T> => {
      const death = this.#death;
      this.#death = undefined;
      if (death === 'before') throw new Died();
      const written = await write();
      if (death === 'after') throw new Died();
      return written;
    };
    return withMethods<SessionStore>(store, {
      receive: (message, answer) => dying(() => store.receive(message, answer)),
      revise: (edit) => dying(() => store.revise(edit)),
    });
  }
}

function withMethods<T extends object>(target: T, methods: Partial<T>): T {
  return new Proxy(target, {
    get(object, key) {
      const source: object = Object.hasOwn(methods, key) ? methods : object;
      const value: unknown = Reflect.get(source, key, source);
      return typeof value === 'function' ? value.bind(source) : value;
    },
  });
}

function answering(clock: ManualClock, chance: Chance): LanguageModel {
  return {
    id: 'scripted/slack',
    async *stream(_request, signal) {
      await clock.sleep(chance.integer(LONGEST_THOUGHT_MS), signal);
      const rest = { type: 'finished', usage: noUsage } as const;
      if (signal.aborted) yield { ...rest, stop: 'cancelled', content: [] };
      else yield { ...rest, stop: 'end-turn', content: [{ type: 'text', text: 'Done.' }] };
    },
  };
}
