import { existsSync, mkdirSync, mkdtempSync, realpathSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { toolServersFile } from '@swe/domain';
import { ManualClock, scriptedToolServers } from '@swe/testing/memory';
import { openLoopbackToolServer } from '@swe/testing/servers';
import { openMachine } from './machine';
import { NO_PROGRAMS, openShellHost, shellsWith } from './shell-host-fixture';

jest.setTimeout(60_000);

type Host = Awaited<ReturnType<typeof openShellHost>>;
const { signal } = new AbortController();
const TOKEN = 'token-of-the-shop';

let folder: string;
/** Each program that was started: which, by whom, and the token that it was given. */
let started: string[];
let shellHost: Host;
let toolsHost: Host;
beforeEach(async () => {
  folder = realpathSync(mkdtempSync(join(tmpdir(), 'machine-')));
  started = [];
  const servers = scriptedToolServers();
  const hostOf = (user: string): Promise<Host> =>
    openShellHost(
      shellsWith(async ({ name, environment }) => {
        started.push(`${name} by ${user} with ${environment['TOKEN']}`);
        return openLoopbackToolServer(name === 'shop' ? servers.shop : servers.atlas);
      }),
    );
  [shellHost, toolsHost] = [await hostOf('the shell'), await hostOf('the other')];
});
afterEach(async () => {
  await Promise.all([shellHost.close(), toolsHost.close()]);
  rmSync(folder, { recursive: true, force: true });
});

const placeOn = (host: Host) => ({ socketPath: host.socketPath, folder: join(host.folder, 'session') });

function open(hasToolsHost: boolean, onBare: (reason: string) => void = () => undefined) {
  mkdirSync(join(folder, 'hidden'));
  const mcpServers = {
    shop: { command: 'scripted', env: { TOKEN: '${secret:SHOP}' } },
    atlas: { command: 'scripted', args: ['${workspaceFolder}'] },
  };
  const options = {
    hidden: join(folder, 'hidden'),
    path: NO_PROGRAMS,
    repositories: [],
    secrets: [],
    shellHost: placeOn(shellHost),
    toolsHost: hasToolsHost ? placeOn(toolsHost) : undefined,
    toolServers: {
      servers: toolServersFile.parse({ mcpServers }),
      readSecret: async () => TOKEN,
      clock: new ManualClock(),
    },
    onBare,
  };
  const interrupts = { signal, beforeQuit: () => undefined, [Symbol.dispose]: () => undefined };
  return openMachine(options, join(folder, 'session'), interrupts);
}

describe('on a machine whose shell is another user’s', () => {
  it('tool servers with a secret are a third’s, who is not asked for anything before', async () => {
    await using machine = await open(true);
    expect(existsSync(placeOn(toolsHost).folder)).toBe(false);
    const listing = await machine.toolServers?.configured.source.list(signal);
    expect(listing?.troubles).toEqual([]);
    expect(new Set(listing?.tools.map(({ server }) => server))).toEqual(new Set(['shop', 'atlas']));
    expect(started.toSorted()).toEqual([
      'atlas by the shell with undefined',
      `shop by the other with ${TOKEN}`,
    ]);
  });

  it('tool servers with a secret are refused where there is no third', async () => {
    await using machine = await open(false);
    const listing = await machine.toolServers?.configured.source.list(signal);
    expect(listing?.troubles).toEqual([
      { server: 'shop', reason: expect.stringContaining('SWE_TOOLS_SOCKET') },
    ]);
    expect(started).toEqual(['atlas by the shell with undefined']);
  });

  it('tool servers with a secret are not started bare where commands must not be', async () => {
    const reasons: string[] = [];
    await using machine = await open(true, (reason) => {
      reasons.push(reason);
      if (reasons.length > 1) throw new Error('nothing is to run bare');
    });
    const listing = await machine.toolServers?.configured.source.list(signal);
    expect(listing?.troubles).toEqual([
      { server: 'shop', reason: expect.stringContaining('nothing is to run bare') },
    ]);
    expect(started).toEqual(['atlas by the shell with undefined']);
  });
});
