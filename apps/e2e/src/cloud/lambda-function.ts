import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { z } from 'zod';

/** What Lambda's runtime does: loads the bundle and calls its handler, here with one event at a time. */
const RUNTIME = `
  const { handler } = await import(process.argv[1]);
  const context = { getRemainingTimeInMillis: () => 60_000 };
  process.on('message', async ({ id, event }) => {
    try { process.send({ id, response: await handler(event, context) ?? null }); }
    catch (error) { process.send({ id, failure: String(error) }); }
  });
  process.send({ isReady: true });
`;

const message = z.union([
  z.object({ isReady: z.literal(true) }),
  z.object({ id: z.int(), response: z.unknown() }),
  z.object({ id: z.int(), failure: z.string() }),
]);

export interface LambdaFunction {
  /** Calls it once those before have ended. Throws when it fails. */
  invoke(event: unknown): Promise<unknown>;
  /** What it logged so far. */
  log(): string;
  close(): Promise<void>;
}

/** A bundle as a Lambda function: a process of its own, with nothing but this environment. */
export async function startLambda(
  bundle: string,
  cwd: string,
  env: Readonly<Record<string, string>>,
): Promise<LambdaFunction> {
  const child = spawn(process.execPath, ['--input-type=module', '--eval', RUNTIME, bundle], {
    cwd,
    env,
    stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
  });
  const read = follow(child);
  await read.ready;
  let calls = 0;
  let last: Promise<unknown> = Promise.resolve();

  return {
    invoke(event) {
      const call = async (): Promise<unknown> => {
        calls += 1;
        const id = calls;
        const answer = read.answerTo(id);
        child.send({ id, event });
        return answer;
      };
      const next = last.then(call, call);
      last = next;
      return next;
    },
    log: read.log,
    async close() {
      await last.catch(() => undefined);
      child.kill('SIGKILL');
      await read.ended;
    },
  };
}

function follow(child: ChildProcess) {
  let log = '';
  const add = (data: Buffer): void => void (log += data.toString());
  child.stdout?.on('data', add);
  child.stderr?.on('data', add);
  const waiting = new Map<number, PromiseWithResolvers<unknown>>();
  const ready = Promise.withResolvers<void>();
  child.on('message', (given) => {
    const said = message.parse(given);
    if ('isReady' in said) return ready.resolve();
    const asked = waiting.get(said.id);
    if ('failure' in said) asked?.reject(new Error(said.failure));
    else asked?.resolve(said.response);
  });
  const ended = new Promise<void>((resolve) => child.once('exit', () => resolve()));
  void ended.then(() => {
    const failure = new Error(`the function ended: ${log}`);
    ready.reject(failure);
    waiting.forEach((asked) => asked.reject(failure));
  });
  return {
    ready: ready.promise,
    ended,
    log: () => log,
    answerTo(id: number): Promise<unknown> {
      const asked = Promise.withResolvers<unknown>();
      waiting.set(id, asked);
      return asked.promise;
    },
  };
}
