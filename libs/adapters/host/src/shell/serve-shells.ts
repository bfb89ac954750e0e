import { Fault } from '@swe/domain';
import type { Processes, Snapshots } from '@swe/domain';
import type { Server, Socket } from 'node:net';
import { Connection } from './connection';
import type { Answer, Call } from './connection';
import { Examiner } from './examiner';
import { METHODS } from './methods';
import type { InputOf, MethodName, OutputOf } from './methods';
import { ServedPrograms } from './served-programs';
import type { Shell, ShellOptions, SpokenPrograms } from './shell';

interface Reply<Name extends MethodName> {
  readonly output: OutputOf<Name>;
  readonly body?: Uint8Array;
}
type Handlers = {
  readonly [Name in MethodName]: (input: InputOf<Name>, call: Call) => Promise<Reply<Name>>;
};

/** Of a file that is written. */
const MAX_CALL_BYTES = 512 * 1024 * 1024;
const DONE = { output: {} };

type OpenShell = (options: ShellOptions) => Promise<Shell>;

/**
 * Gives whoever connects to `server` a shell that acts as the user of this process. With its connection a shell ends, and
 * all that was started in it; a new one opens only once those before have ended. Nothing is kept between them.
 */
export function serveShells(server: Server, open: OpenShell): AsyncDisposable {
  const sessions = new Set<ShellSession>();
  const ending = new Set<Promise<void>>();
  server.on('connection', (socket: Socket) => {
    const session = new ShellSession(socket, async (options) => {
      await Promise.all(ending);
      return open(options);
    });
    sessions.add(session);
    void session.ended.then(() => {
      const end = session.end();
      ending.add(end);
      sessions.delete(session);
      void end.finally(() => ending.delete(end));
    });
  });
  return {
    async [Symbol.asyncDispose]() {
      const closed = new Promise<void>((resolve) => server.close(() => resolve()));
      await Promise.all([...sessions].map((session) => session.end()));
      await Promise.all([closed, ...ending]);
    },
  };
}

/** One connection, and the shell that was opened over it. */
class ShellSession {
  readonly #connection: Connection;
  readonly #examiner: Examiner;
  readonly #open: OpenShell;
  readonly #handlers: Handlers;
  readonly #processes = new Map<number, Processes>();
  readonly #snapshots = new Map<number, Snapshots>();
  readonly #programs = new Map<number, SpokenPrograms>();
  readonly #served = new ServedPrograms();
  #shell: Shell | undefined;

  constructor(socket: Socket, open: OpenShell) {
    this.#open = open;
    this.#handlers = this.#makeHandlers();
    this.#connection = new Connection(socket, {
      isConnecting: false,
      serve: (call) => this.#serve(call),
      maxCallBytes: MAX_CALL_BYTES,
      // An abort, or the answer to what is asked back, comes while a call is served.
      servesOne: false,
    });
    this.#examiner = new Examiner(this.#connection);
  }

  get ended(): Promise<void> {
    return this.#connection.ended;
  }

  async end(): Promise<void> {
    await this.#connection.end();
    await this.#close();
  }

  async #close(): Promise<void> {
    await this.#shell?.[Symbol.asyncDispose]();
  }

  async #serve(call: Call): Promise<Answer> {
    if (!isMethod(call.method)) throw new Fault('invalid', `no method of a shell: ${call.method}`);
    const handle = this.#handlers[call.method] as (input: unknown, call: Call) => Promise<Reply<MethodName>>;
    const { output, body = new Uint8Array() } = await handle(
      METHODS[call.method].input.parse(call.input),
      call,
    );
    return { output, body };
  }

  #makeHandlers(): Handlers {
    return {
      'shell.open': async (options) => {
        this.#shell = await this.#open(options);
        const { workspace, home, confinement } = this.#shell;
        return { output: { root: workspace.root, home, confinement } };
      },
      'shell.close': async () => {
        await this.#close();
        return DONE;
      },
      'workspace.stat': async ({ path }) => ({ output: await this.#opened.workspace.stat(path) }),
      'workspace.read': async ({ path, range }) => {
        const { bytes, totalBytes } = await this.#opened.workspace.read(path, range);
        return { output: { totalBytes }, body: bytes };
      },
      'workspace.write': async ({ path }, { body }) => {
        await this.#opened.workspace.write(path, body);
        return DONE;
      },
      'workspace.list': async ({ path, limit }) => ({
        output: await this.#opened.workspace.list(path, limit),
      }),
      'processes.open': async ({ handle, ...options }) => {
        const processes = await this.#opened.openProcesses(options);
        this.#processes.set(handle, processes);
        return { output: { spoolDirectory: processes.spoolDirectory } };
      },
      'processes.run': async ({ handle, spec }, { signal }) => ({
        output: await named(this.#processes, handle).run(spec, signal),
      }),
      'processes.start': async ({ handle, spec }) => ({
        output: await named(this.#processes, handle).start(spec),
      }),
      'processes.output': async ({ handle, id, offset, maxBytes }) => ({
        output: await named(this.#processes, handle).output(id, offset, maxBytes),
      }),
      'processes.input': async ({ handle, id, text }) => {
        await named(this.#processes, handle).input(id, text);
        return DONE;
      },
      'processes.kill': async ({ handle, id }) => {
        await named(this.#processes, handle).kill(id);
        return DONE;
      },
      'snapshots.open': async ({ handle, ...options }) => {
        const holdsCredential = this.#examiner.of(handle);
        this.#snapshots.set(handle, await this.#opened.openSnapshots({ ...options, holdsCredential }));
        return DONE;
      },
      'snapshots.isCurrent': async ({ handle }) => ({
        output: await named(this.#snapshots, handle).isCurrent(),
      }),
      'snapshots.declareCurrent': async ({ handle }) => {
        await named(this.#snapshots, handle).declareCurrent();
        return DONE;
      },
      'snapshots.workingCopies': async ({ handle }, { signal }) => ({
        output: await named(this.#snapshots, handle).workingCopies(signal),
      }),
      'snapshots.take': async ({ handle, directory, since }, { signal }) => {
        const taken = await named(this.#snapshots, handle).take(directory, since, signal);
        if (taken === undefined) return { output: null };
        const { bytes, ...output } = taken;
        return { output, body: bytes };
      },
      'snapshots.restore': async ({ handle, directory, ...source }, { body, signal }) => ({
        output: await named(this.#snapshots, handle).restore(directory, { ...source, bytes: body }, signal),
      }),
      'programs.open': async ({ handle, ...options }) => {
        this.#programs.set(handle, await this.#opened.openPrograms(options));
        return DONE;
      },
      'programs.start': async ({ handle, program, spec }) => {
        await this.#served.start(program, named(this.#programs, handle), spec);
        return DONE;
      },
      'programs.read': async ({ program }, { signal }) => {
        const { bytes, ...output } = await this.#served.read(program, signal);
        return { output, body: bytes };
      },
      'programs.write': async ({ program }, { body, signal }) => {
        await this.#served.write(program, body, signal);
        return DONE;
      },
      'programs.end': async ({ program }) => {
        await this.#served.end(program);
        return DONE;
      },
      'git-objects.read': async ({ id, type }, { signal }) => {
        const bytes = await this.#opened.gitObjects.read(id, type, signal);
        return { output: { isFound: bytes !== undefined }, ...(bytes !== undefined && { body: bytes }) };
      },
      'git-objects.forkPoints': async ({ commit, branch }, { signal }) => ({
        output: await this.#opened.gitObjects.forkPoints(commit, branch, signal),
      }),
    };
  }

  get #opened(): Shell {
    if (this.#shell === undefined) throw new Fault('invalid', 'no shell is open');
    return this.#shell;
  }
}

function isMethod(name: string): name is MethodName {
  return Object.hasOwn(METHODS, name);
}

function named<T>(opened: ReadonlyMap<number, T>, handle: number): T {
  const found = opened.get(handle);
  if (found === undefined) throw new Fault('invalid', `nothing is open under ${handle}`);
  return found;
}
