import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import type { LoopbackAnswer } from '@swe/testing/servers';
import { openPacedModel } from './paced-model';
import type { Arrival } from './paced-model';
import { figuresOfProcess } from './process-figures';
import type { ProcessFigures } from './process-figures';

/** How a subject's process is started: anew, or where the one before it left off. */
export interface Launch {
  readonly argv: readonly string[];
  readonly env: Readonly<Record<string, string>>;
  readonly cwd: string;
}

export interface Request {
  /** Since the answer before it, or since its process was started. */
  readonly afterMs: number;
  readonly bytes: number;
  readonly connections: number;
  readonly body: () => string;
}

/** Whatever asks the model: a process whose requests are waited for one by one. */
export interface Subject {
  /** Starts its process, and gives its first request. */
  start(isNew: boolean): Promise<Request>;
  /** Answers the request that is open, and gives the one that comes of it. */
  answer(answer: LoopbackAnswer): Promise<Request>;
  /** Answers the request that is open with the last words, and waits until the process has ended. */
  finish(): Promise<void>;
  /** Of its process, while a request is open. */
  figures(): ProcessFigures;
  close(): Promise<void>;
}

export async function openSubject(launch: (url: string, isNew: boolean) => Launch): Promise<Subject> {
  const model = await openPacedModel();
  let child: ChildProcess | undefined;
  let ended: Promise<void> = Promise.resolve();
  let errors = '';
  let open: Arrival | undefined;

  async function request(sinceMs: number): Promise<Request> {
    const arrival = await Promise.race([model.next(), ended.then(() => undefined)]);
    if (arrival === undefined) throw new Error(`it ended instead of asking on: ${errors}`);
    open = arrival;
    const { bytes, connections, body } = arrival;
    return { afterMs: arrival.atMs - sinceMs, bytes, connections, body };
  }

  return {
    start(isNew) {
      const { argv, env, cwd } = launch(model.url, isNew);
      const sinceMs = performance.now();
      const started = spawn(process.execPath, argv, { cwd, env, stdio: ['ignore', 'ignore', 'pipe'] });
      child = started;
      errors = '';
      started.stderr.on('data', (chunk: Buffer) => (errors += chunk.toString()));
      ended = new Promise((resolve) => started.once('close', () => resolve()));
      return request(sinceMs);
    },
    answer(answer) {
      const sinceMs = performance.now();
      open?.answer(answer);
      return request(sinceMs);
    },
    async finish() {
      open?.answer({ say: 'Done.' });
      await ended;
      if (child?.exitCode !== 0) throw new Error(`it ended with ${child?.exitCode}: ${errors}`);
    },
    figures: () => figuresOfProcess(child?.pid ?? NaN),
    async close() {
      child?.kill('SIGKILL');
      await ended;
      await model.close();
    },
  };
}
