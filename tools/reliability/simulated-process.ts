/** What happens to a process at one of its port calls. */
export type Mishap =
  /** It dies before the call goes out. */
  | 'before'
  /** It dies with the call done and its answer on the way. */
  | 'after'
  /** It dies; the call is under way and is done a moment later. */
  | 'in-flight'
  /** It dies before the call goes out, and its machine's disk with it. */
  | 'lost'
  /** It stands still from here, is taken for dead, and goes on when its successor is at work. */
  | 'freeze';

export interface PortCall {
  readonly process: string;
  readonly port: string;
  readonly method: string;
}

/** Tells of every port call, in order; a mishap is what happens at it. */
export type OnPortCall = (call: PortCall) => Mishap | undefined;

const IN_FLIGHT_MS = 2_000;
/** A promise of its own each time: who waits for a shared one is remembered as long as that is. */
const never = (): Promise<never> => new Promise(() => undefined);

export interface SimulatedProcessOptions {
  readonly name: string;
  readonly onCall: OnPortCall;
  /** True time, which goes on when the process does not. */
  readonly sleep: (ms: number) => Promise<void>;
}

/**
 * A process as the outside knows it: by its port calls. Once it is dead none of them does or returns anything; while
 * it is frozen they wait.
 */
export class SimulatedProcess {
  readonly name: string;
  isDead = false;
  readonly #options: SimulatedProcessOptions;
  #thawed: Promise<void> = Promise.resolve();
  #thaw: () => void = () => undefined;
  isFrozen = false;
  #isCleared = false;

  constructor(options: SimulatedProcessOptions) {
    this.name = options.name;
    this.#options = options;
  }

  kill(): void {
    this.isDead = true;
  }

  /** Whoever confirms a machine dead ends what its process had started there; requests are on their way. */
  clear(): void {
    this.kill();
    this.#isCleared = true;
  }

  freeze(): void {
    this.isFrozen = true;
    this.#thawed = new Promise((resolve) => (this.#thaw = resolve));
  }

  thaw(): void {
    this.isFrozen = false;
    this.#thaw();
  }

  /** `port` as this process sees it. Asynchronous methods and streams are calls, the rest is its own memory. */
  guard<T extends object>(port: string, target: T): T {
    return new Proxy(target, {
      get: (object, key) => {
        const value: unknown = Reflect.get(object, key, object);
        if (typeof value !== 'function') return value;
        const method = String(key);
        return (...args: unknown[]) =>
          this.#call({ process: this.name, port, method }, () => Reflect.apply(value, object, args));
      },
    });
  }

  #call(call: PortCall, act: () => unknown): unknown {
    const isStream = call.method === 'read' || call.method === 'stream';
    if (SYNCHRONOUS.has(call.method)) return act();
    return isStream && !call.port.startsWith('workspace')
      ? this.#streamed(call, act)
      : this.#awaited(call, act);
  }

  async #awaited(call: PortCall, act: () => unknown): Promise<unknown> {
    const mishap = await this.#begin(call);
    if (mishap === 'before' || mishap === 'lost') return never();
    if (mishap === 'in-flight') {
      await this.#options.sleep(IN_FLIGHT_MS);
      if (!(this.#isCleared && ON_MACHINE.has(call.port))) await act();
      return never();
    }
    const result = await Promise.resolve(act()).then(
      (value) => () => value,
      (error: unknown) => () => {
        throw error;
      },
    );
    if (mishap === 'after') this.kill();
    await this.#alive();
    return result();
  }

  async *#streamed(call: PortCall, act: () => unknown): AsyncIterable<unknown> {
    const mishap = await this.#begin(call);
    if (mishap === 'before' || mishap === 'lost' || mishap === 'in-flight') await never();
    const stream = act() as AsyncIterable<unknown>;
    for await (const each of stream) {
      await this.#alive();
      yield each;
    }
    if (mishap === 'after') this.kill();
    await this.#alive();
  }

  /** Waits for its turn to live, and lets the mishap begin. */
  async #begin(call: PortCall): Promise<Mishap | undefined> {
    await this.#alive();
    const mishap = COUNTED(call) ? this.#options.onCall(call) : undefined;
    if (mishap === 'before' || mishap === 'lost' || mishap === 'in-flight') this.kill();
    if (mishap === 'freeze') {
      this.freeze();
      await this.#alive();
    }
    return mishap;
  }

  async #alive(): Promise<void> {
    while (this.isFrozen && !this.isDead) await this.#thawed;
    if (this.isDead) await never();
  }
}

/** Ports whose calls are carried out by processes of the machine. */
const ON_MACHINE = new Set(['workspace', 'processes', 'snapshots']);
const SYNCHRONOUS = new Set([
  'nowMs',
  'monotonicMs',
  'fraction',
  'id',
  'debug',
  'info',
  'warn',
  'error',
  'with',
]);
/** Sleeping is a call that changes nothing outside: dying in it is dying before the next one. */
const COUNTED = ({ method }: PortCall): boolean => method !== 'sleep';
