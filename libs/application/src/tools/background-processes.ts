import { Fault } from '@swe/domain';
import type { OutputChunk, Processes } from '@swe/domain';

const MAX_RUNNING = 8;
const READ_BYTES = 16_384;
const MAX_SCRIPT_CHARACTERS = 60;

/** What `bash` has left running for `process_output`, `process_input` and `process_kill`, by handle: p1, p2, ... */
export interface BackgroundProcesses {
  /** The handle. `invalid` when eight are running already. */
  start(script: string, cwd: string): Promise<string>;
  /** The next 16 KB at most of what no earlier `read` gave. */
  read(handle: string): Promise<OutputChunk>;
  input(handle: string, text: string): Promise<void>;
  /** Whether it was still to be killed. */
  kill(handle: string): Promise<boolean>;
  /** Ends them all, and says how many were running. */
  killAll(): Promise<number>;
  /** The handles of those that run now, in a line for the model; empty when there are none. */
  listing(): Promise<string>;
}

interface Background {
  readonly id: string;
  readonly script: string;
  offset: number;
  killed: boolean;
}

/** A handle that is unknown is `missing`, one that was killed is too. */
export function backgroundProcesses(
  processes: Pick<Processes, 'start' | 'output' | 'input' | 'kill'>,
): BackgroundProcesses {
  const started = new Map<string, Background>();

  function find(handle: string): Background {
    const background = started.get(handle);
    if (background === undefined) {
      throw new Fault(
        'missing',
        `There is no process ${handle}. Processes end with the machine they ran on.`,
      );
    }
    return background;
  }

  function findAlive(handle: string): Background {
    const background = find(handle);
    if (background.killed) throw new Fault('missing', `${handle} was killed.`);
    return background;
  }

  async function running(): Promise<readonly (readonly [handle: string, background: Background])[]> {
    const alive = [...started].filter(([, { killed }]) => !killed);
    const states = await Promise.all(alive.map(([, { id, offset }]) => processes.output(id, offset, 0)));
    return alive.filter((_entry, i) => states[i]?.state.running === true);
  }

  return {
    async start(script, cwd) {
      if ((await running()).length >= MAX_RUNNING) {
        throw new Fault('invalid', `${MAX_RUNNING} processes are running already: kill one first.`);
      }
      const id = await processes.start({ command: { script }, cwd });
      const handle = `p${started.size + 1}`;
      started.set(handle, { id, script, offset: 0, killed: false });
      return handle;
    },
    async read(handle) {
      const background = findAlive(handle);
      const chunk = await processes.output(background.id, background.offset, READ_BYTES);
      background.offset = chunk.nextOffset;
      return chunk;
    },
    input: (handle, text) => processes.input(findAlive(handle).id, text),
    async kill(handle) {
      const background = find(handle);
      if (background.killed) return false;
      await processes.kill(background.id);
      background.killed = true;
      return true;
    },
    async killAll() {
      const alive = await running();
      await Promise.all(
        alive.map(async ([, background]) => {
          await processes.kill(background.id);
          background.killed = true;
        }),
      );
      return alive.length;
    },
    async listing() {
      const entries = (await running()).map(([handle, { script }]) => `${handle} (${inShort(script)})`);
      return entries.length === 0 ? '' : `[running in the background: ${entries.join(', ')}]`;
    },
  };
}

function inShort(script: string): string {
  const line = script.trim().replace(/\s+/g, ' ');
  return line.length > MAX_SCRIPT_CHARACTERS ? `${line.slice(0, MAX_SCRIPT_CHARACTERS)}...` : line;
}
