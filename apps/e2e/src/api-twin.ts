import { join } from 'node:path';
import { openForge } from '@swe/adapter-local/forge';
import { ManualClock } from '@swe/testing/memory';
import { BROKEN_LIBRARY } from './broken-library';
import { openMachine } from './swe';

export type ApiTwin = Awaited<ReturnType<typeof openApiTwin>>;

/** The built twin with a broken library in its forge, `forge://fares`, and its HTTP API. */
export async function openApiTwin(
  model: Readonly<Record<string, string>> = { SWE_MODEL: 'rehearsal/fix-failing-test' },
) {
  const machine = openMachine();
  const env = { PATH: process.env['PATH'] ?? '', HOME: machine.folder };
  const forge = openForge({ folder: join(machine.folder, 'swe', 'forge'), env, clock: new ManualClock() });
  await forge.createRepository('fares', { files: BROKEN_LIBRARY });
  forge.close();
  const manager = machine.start(['up'], { ...model, SWE_PORT: '0' });
  let output = '';
  manager.child.stdout?.on('data', (data: Buffer) => (output += data.toString()));
  await manager.saw('/api/v1');
  const url = `${/http:\/\/127\.0\.0\.1:\d+/.exec(output)?.[0]}/api/v1`;

  const call = (token: string, path: string, init: RequestInit = {}): Promise<Response> =>
    fetch(`${url}${path}`, { ...init, headers: { authorization: `Bearer ${token}`, ...init.headers } });

  return {
    machine,
    manager,
    url,
    call,
    post: (token: string, path: string, body: object, key?: string): Promise<Response> =>
      call(token, path, {
        method: 'POST',
        body: JSON.stringify(body),
        ...(key !== undefined && { headers: { 'idempotency-key': key } }),
      }),
    async makeKey(scope: string): Promise<string> {
      const { stdout, stderr } = await machine.swe(['key', 'create', '--name', 'e2e', '--scope', scope]);
      if (!/^swe_k\w+\n$/.test(stdout)) throw new Error(`no key was made: ${stdout}${stderr}`);
      return stdout.trim();
    },
    async close(): Promise<void> {
      manager.child.kill('SIGINT');
      await manager.ended;
      machine.close();
    },
  };
}
