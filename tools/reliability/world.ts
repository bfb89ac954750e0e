import { sessionBranch, toNanoUsd } from '@swe/domain';
import type { Check, Journal, PricedModel, Session, SessionStore, Snapshots } from '@swe/domain';
import {
  DEFAULT_PATIENCE,
  DEFAULT_TURN_LIMITS,
  DEFAULT_WORKER_TIMING,
  routeRepoHosts,
  runWorker,
  systemPrompt,
} from '@swe/application/agent';
import { receiveMessage } from '@swe/application/ingress';
import { backgroundProcesses, toolbox } from '@swe/application/tools';
import { DEFAULT_MANAGER_TIMING, sweep } from '@swe/application/worker-manager';
import {
  ManualClock,
  MemoryBlobStore,
  MemoryChat,
  MemoryDirectory,
  MemoryEventBus,
  MemoryImage,
  MemoryRepoHost,
  MemorySnapshots,
  MemoryWebPage,
  override,
  silentLogger,
} from '@swe/testing/memory';
import { jobModel, REPOSITORY } from './job';
import type { ProtectedPorts, Protection } from './protection';
import { SimulatedCompute } from './simulated-compute';
import { SimulatedMachine } from './simulated-machine';
import { SimulatedProcess } from './simulated-process';
import type { OnPortCall } from './simulated-process';
import { allSessions, tellingWrites } from './world-store';
import type { WorldStore } from './world-store';

const SWEEP_MS = 5_000;
const RESTART_MS = 3_000;
/** Of the sender of a message that nobody acknowledged. */
const SEND_AGAIN_MS = 3_000;
const LONGEST_FREEZE_MS = 200_000;
/** A frozen worker goes on when its successor has made so many port calls. */
const SUCCESSOR_CALLS = 30;
const TIMING = { ...DEFAULT_WORKER_TIMING, idleMs: 60_000 };

/** Of the job's model: every call costs something, so that what is counted can be held against what was asked. */
const PRICE: PricedModel = {
  contextTokens: 1_000_000,
  maxOutputTokens: 32_768,
  prices: { input: 1, output: 1, cacheRead: 1, cacheWrite: 1 },
};

export interface WorldOptions {
  readonly stored: WorldStore;
  readonly onCall: OnPortCall;
  /** Everything but this protects. */
  readonly without?: Protection;
  /** Whether a hint gets lost. */
  readonly losesHint?: () => boolean;
  /** How long the checks of a pull request take, which the job waits for then. */
  readonly checksMs?: number;
}

export interface WrittenMessage {
  readonly key: string;
  readonly origin: string;
  readonly text: string;
}

/** A machine that is gone for good. */
export interface LostDisk {
  readonly sessionId: string;
  readonly atMs: number;
}

/**
 * The whole system in one event loop, on virtual time: processes that can die at any port call, and around them what
 * does not die with them: the store, the chat, the repository host, the machines' disks. A dead manager or ingress is
 * started again, as a platform would; a dead worker is the manager's to replace.
 */
export class World {
  readonly clock: ManualClock;
  readonly stored: WorldStore;
  readonly chat = new MemoryChat();
  readonly repoHost: MemoryRepoHost;
  /** Why a provider would have refused a request. */
  readonly refused: string[] = [];
  /** Writes to a journal that were accepted from a holder that had lost its lease. */
  zombieWrites = 0;
  readonly #holders = new Map<string, string>();
  /** Pull requests asked for, by process: the host itself keeps only one open for a branch. */
  readonly opened: string[] = [];
  /** When a pull request was first asked for. */
  checksFromMs: number | undefined;
  readonly lostDisks: LostDisk[] = [];
  /** Somebody was taken for dead and was not. */
  hasFrozen = false;
  readonly #options: WorldOptions;
  readonly #ports: Omit<ProtectedPorts, 'snapshots'>;
  readonly #bus = new MemoryEventBus();
  readonly #blobs = new MemoryBlobStore();
  readonly #machines = new Map<string, SimulatedMachine>();
  readonly #processes: SimulatedProcess[] = [];
  #started = 0;
  #callsSinceFreeze = 0;
  /** Something was, since the store was last seen not to be at rest. Without that it still is not. */
  #isWritten = true;

  constructor(options: WorldOptions) {
    this.#options = options;
    this.stored = options.stored;
    this.clock = new ManualClock(undefined, this.stored.settle);
    this.repoHost = new MemoryRepoHost(this.clock);
    this.repoHost.addRepository(REPOSITORY);
    const onWrite = (): void => void (this.#isWritten = true);
    this.#ports = {
      chat: this.chat,
      compute: new SimulatedCompute((sessionId, generation) => this.#boot(sessionId, generation)),
      journal: tellingWrites(this.stored.journal, onWrite),
      model: jobModel(this.clock, (problem) => this.refused.push(problem), options.checksMs !== undefined),
      ledger: this.stored.ledger,
      outbox: tellingWrites(this.stored.outbox, onWrite),
      store: tellingWrites(this.stored.store, onWrite),
    };
    void this.#keepManager();
  }

  /** A person sends a message, again and again until it is acknowledged. */
  async send({ key, origin, text }: WrittenMessage): Promise<void> {
    const body = { kind: 'text', text } as const;
    const from = { origin, requester: 'local:ada', addressed: true, receivedAtMs: this.clock.nowMs() };
    const message = { ...from, messageKey: key, body };
    for (let isDone = false; !isDone;) {
      const process = this.#process('ingress');
      const ports = {
        store: this.#seenBy(process).store,
        bus: process.guard('event-bus', {
          publish: async (sessionId: string) => {
            if (this.#options.losesHint?.() !== true) await this.#bus.publish(sessionId);
          },
        }),
        logger: silentLogger,
      };
      void receiveMessage(ports, message).then(() => (isDone = true));
      await this.clock.sleep(SEND_AGAIN_MS);
    }
  }

  /** What a person does to a message after sending it; without `text` it is deleted. */
  async revise(key: string, editKey: string, text?: string): Promise<void> {
    const body = text === undefined ? {} : { body: { kind: 'text', text } as const };
    await this.#ports.store.revise({ editKey, messageKey: key, ...body });
  }

  /** Lets time pass until `isDone`, at most `maxMs` of it; whether it was done by then. */
  async pass(maxMs: number, isDone: () => Promise<boolean>): Promise<boolean> {
    const endMs = this.clock.nowMs() + maxMs;
    while (!(await isDone())) {
      if (this.clock.nowMs() >= endMs) return false;
      await this.clock.advance(1_000);
    }
    return true;
  }

  /** Everything is answered and told, machines are stopped, and nobody stands still. */
  async isAtRest(): Promise<boolean> {
    if (!this.#isWritten || this.#processes.some(({ isFrozen }) => isFrozen)) return false;
    this.#isWritten = await this.#isEverythingDone();
    return this.#isWritten;
  }

  async #isEverythingDone(): Promise<boolean> {
    const sessions = await allSessions(this.stored.store);
    const isAtWork = ({ status, wakeAtMs }: Session): boolean =>
      status !== 'asleep' || wakeAtMs !== undefined;
    if (sessions.length === 0 || sessions.some(isAtWork)) return false;
    const left = sessions.map(async ({ id, cursor }) => [
      ...(await this.stored.store.readInbox(id, cursor)),
      ...(await this.stored.outbox.listUndelivered(id)),
    ]);
    return (await Promise.all(left)).flat().length === 0;
  }

  /** Ends every process. */
  close(): void {
    this.#processes.forEach((process) => process.kill());
  }

  /** The platform starts the manager again when it died. */
  async #keepManager(): Promise<void> {
    for (;;) {
      const process = this.#process('manager');
      const sweeping = this.#manage(process);
      while (!process.isDead) await this.clock.sleep(RESTART_MS);
      void sweeping;
    }
  }

  async #manage(process: SimulatedProcess): Promise<void> {
    const clock = process.guard('clock', this.clock);
    const ports = {
      ...this.#seenBy(process),
      clock,
      blobs: process.guard('blob-store', this.#blobs),
      directory: new MemoryDirectory(),
      random: { fraction: () => 0.5 },
      logger: silentLogger,
    };
    for (;;) {
      await sweep(ports, { name: process.name, timing: { ...DEFAULT_MANAGER_TIMING, bootMs: 60_000 } });
      await clock.sleep(SWEEP_MS);
    }
  }

  #boot(sessionId: string, generation: number): SimulatedProcess {
    const machine = this.#machines.get(sessionId) ?? new SimulatedMachine(this.repoHost, REPOSITORY);
    this.#machines.set(sessionId, machine);
    const process = this.#process(`worker-${generation}`, () => this.#loseDisk(sessionId));
    const seen = this.#seenBy(process, machine.snapshots);
    const workspace = process.guard('workspace', machine.workspace);
    const processes = process.guard('processes', machine.processes);
    const clock = process.guard('clock', this.clock);
    const blobs = process.guard('blob-store', this.#blobs);
    const branch = sessionBranch(sessionId);
    const background = backgroundProcesses(processes);
    const ports = {
      ...seen,
      blobs,
      bus: process.guard('event-bus', this.#bus),
      models: [seen.model] as const,
      openModel: async () => seen.model,
      clock,
      random: { fraction: () => 0.5 },
      logger: silentLogger,
      observe: () => undefined,
    };
    const repoHost = process.guard('repo-host', this.#counted(process));
    const profile = {
      system: systemPrompt({ workspaceRoot: workspace.root, branch }),
      tools: toolbox({
        workspace,
        processes,
        pushProcesses: processes,
        background,
        blobs,
        chat: seen.chat,
        directory: new MemoryDirectory(),
        demandRight: async () => undefined,
        image: new MemoryImage(),
        webPage: new MemoryWebPage(),
        clock,
        follow: async () => undefined,
        grant: () => undefined,
        ...routeRepoHosts([{ serves: () => true, repoHost }]),
        branch,
        issue: undefined,
        ripgrepPath: '/rg',
      }),
      limits: DEFAULT_TURN_LIMITS,
      patience: DEFAULT_PATIENCE,
      spending: { priceOf: () => PRICE, capNanoUsd: toNanoUsd(10_000) },
      endProcesses: () => background.killAll(),
    };
    const worker = { sessionId, holder: process.name, generation };
    void runWorker(ports, worker, profile, TIMING, new AbortController().signal);
    return process;
  }

  #loseDisk(sessionId: string): void {
    this.#machines.delete(sessionId);
    this.lostDisks.push({ sessionId, atMs: this.clock.nowMs() });
  }

  /** The ports that protections live in, as `process` sees them. */
  #seenBy(process: SimulatedProcess, snapshots: Snapshots = new MemorySnapshots()): ProtectedPorts {
    const { chat, compute, journal, ledger, model, outbox, store } = this.#ports;
    const guarded: ProtectedPorts = {
      chat: process.guard('chat', chat),
      compute: process.guard('compute', compute),
      journal: process.guard('journal', this.#watched(journal, process)),
      ledger: process.guard('ledger', ledger),
      model: process.guard('language-model', model),
      outbox: process.guard('outbox', outbox),
      snapshots: process.guard('snapshots', snapshots),
      store: process.guard('session-store', this.#noting(store, process)),
    };
    return { ...guarded, ...this.#options.without?.off(guarded, this.stored) };
  }

  #process(kind: string, loseDisk?: () => void): SimulatedProcess {
    this.#started += 1;
    const process: SimulatedProcess = new SimulatedProcess({
      name: `${kind}#${this.#started}`,
      sleep: (ms) => this.clock.sleep(ms),
      onCall: (call) => {
        const mishap = this.#options.onCall(call);
        if (mishap === 'lost') loseDisk?.();
        if (mishap === 'freeze') this.hasFrozen = true;
        if (mishap === 'freeze') void this.clock.sleep(LONGEST_FREEZE_MS).then(() => process.thaw());
        this.#thawBehind(process);
        return mishap;
      },
    });
    this.#processes.push(process);
    return process;
  }

  #thawBehind(process: SimulatedProcess): void {
    if (!process.name.startsWith('worker')) return;
    const frozen = this.#processes.find((each) => each.isFrozen && each !== process);
    if (frozen === undefined) return;
    this.#callsSinceFreeze += 1;
    if (this.#callsSinceFreeze === SUCCESSOR_CALLS) frozen.thaw();
  }

  /** Counts the writes that should have been refused: begun when a later lease was given out already. */
  #watched(journal: Journal, { name }: SimulatedProcess): Journal {
    return {
      read: (sessionId, fromSeq) => journal.read(sessionId, fromSeq),
      append: async (write) => {
        const isLate = this.#holders.get(write.sessionId) !== name;
        const seq = await journal.append(write);
        if (isLate) this.zombieWrites += 1;
        return seq;
      },
    };
  }

  /** Remembers who was given each session's lease last. */
  #noting(store: SessionStore, { name }: SimulatedProcess): SessionStore {
    return override<SessionStore>(store, {
      takeLease: async (claim) => {
        const lease = await store.takeLease(claim);
        this.#holders.set(claim.sessionId, name);
        return lease;
      },
    });
  }

  #checks(): readonly Check[] {
    const { checksMs } = this.#options;
    if (checksMs === undefined) return [];
    const isThrough = this.clock.nowMs() >= (this.checksFromMs ?? Infinity) + checksMs;
    return [{ name: 'test', state: isThrough ? 'success' : 'pending', summary: '' }];
  }

  #counted(process: SimulatedProcess): MemoryRepoHost {
    return new Proxy(this.repoHost, {
      get: (target, key) => {
        const value: unknown = Reflect.get(target, key, target);
        if (typeof value !== 'function') return value;
        return (...args: unknown[]): unknown => {
          if (key === 'openPullRequest') {
            this.opened.push(process.name);
            this.checksFromMs ??= this.clock.nowMs();
          }
          if (key === 'checks') return Promise.resolve(this.#checks());
          return Reflect.apply(value, target, args);
        };
      },
    });
  }
}
