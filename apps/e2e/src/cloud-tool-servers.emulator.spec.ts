import { spawnSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { chmodSync, mkdirSync, mkdtempSync, readdirSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, dirname, join } from 'node:path';
import { PutParameterCommand, SSMClient } from '@aws-sdk/client-ssm';
import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { credentialShapes, lastResults, openMoto, useEmulator } from '@swe/testing/servers';
import { z } from 'zod';
import { openCloud } from './cloud/cloud';
import type { Cloud } from './cloud/cloud';
import { DAEMON, searchAs, SHELL, TOOLS, whyNoUsers } from './cloud/machine-users';
import type { MachineUsers } from './cloud/machine-users';
import type { Search } from './cloud/search-readable';
import { bash, call, found, played } from './scripted-model';
import { TOOL_SERVER } from './tool-server-program';

jest.setTimeout(120_000);

const ssm = useEmulator(openMoto);
const PARAMETER = '/swe/e2e/shop';
const told = z.object({ uid: z.int(), environment: z.record(z.string(), z.string()) });
/** What the shell can find out about the processes of whatever else runs. */
const LOOK =
  "cat /proc/[0-9]*/environ /proc/[0-9]*/cmdline | tr '\\0' '\\n' | grep --text SHOP_TOKEN=; echo looked";
/** Prints to which of the sockets somebody gets. */
const CONNECT = `
import socket, sys
for path in sys.argv[1:]:
    try:
        socket.socket(socket.AF_UNIX).connect(path)
        print(path)
    except OSError:
        pass
`;

let folder: string;
let secret: string;
let cloud: Cloud | undefined;
beforeEach(async () => {
  folder = realpathSync(mkdtempSync(join(tmpdir(), 'swe-cloud-')));
  // Not of the daemon's folder alone: the way there as well is theirs.
  chmodSync(folder, 0o755);
  secret = randomBytes(27).toString('hex');
  const credentials = { accessKeyId: 'test', secretAccessKey: 'test' };
  const client = new SSMClient({ endpoint: ssm.endpoint, region: 'eu-west-1', credentials });
  const parameter = { Name: PARAMETER, Value: secret, Type: 'SecureString', Overwrite: true } as const;
  await client.send(new PutParameterCommand(parameter));
  client.destroy();
});
afterEach(async () => {
  await cloud?.close();
  cloud = undefined;
  rmSync(folder, { recursive: true, force: true });
});

/** Names two servers of the same program, `shop` with the secret and `plain` without; gives the file. */
function configure(): string {
  const code = join(folder, 'code');
  mkdirSync(code);
  writeFileSync(join(code, 'server.mjs'), TOOL_SERVER);
  const plain = { command: 'node', args: [join(code, 'server.mjs')], readableFolders: [code] };
  const shop = { ...plain, env: { SHOP_TOKEN: `\${secret:${PARAMETER}}` } };
  const file = join(folder, 'mcp.json');
  writeFileSync(file, JSON.stringify({ mcpServers: { shop, plain } }));
  return file;
}

/** A folder with a bubblewrap that shuts nothing in. */
function withoutSandbox(): readonly string[] {
  const programs = join(folder, 'programs');
  mkdirSync(programs);
  writeFileSync(join(programs, 'bwrap'), '#!/bin/sh\nexit 1\n', { mode: 0o755 });
  return [programs];
}

interface Seen {
  readonly shop: z.infer<typeof told>;
  readonly plain: z.infer<typeof told>;
  /** What the shell got to see while both servers ran. */
  readonly shell: string;
  /** What another process of its user did, then. */
  readonly search: Search;
  /** How many of the hosts that user can command. */
  readonly shellReaches: number;
  readonly daemonReaches: number;
}

/** To how many of the hosts' sockets a user gets. */
function reachable(user: number): number {
  const disks = join(folder, 'instances');
  const sockets = readdirSync(disks, { recursive: true, withFileTypes: true }).filter((entry) =>
    entry.isSocket(),
  );
  const paths = sockets.map(({ parentPath, name }) => join(parentPath, name));
  const { stdout } = spawnSync('python3', ['-c', CONNECT, ...paths], {
    uid: user,
    gid: user,
    encoding: 'utf8',
  });
  return stdout.split('\n').filter((path) => path !== '').length;
}

/** Has both servers called, and looks around while they run. */
async function callAndLook(users: MachineUsers, programs: readonly string[]): Promise<Seen> {
  const path = [...programs, dirname(process.execPath), process.env['PATH'] ?? ''].join(delimiter);
  const agentEnv = {
    HOME: '/nonexistent',
    SWE_TWIN_HOME: '',
    SWE_MCP_CONFIG: configure(),
    AWS_ENDPOINT_URL_SSM: ssm.endpoint,
  };
  let [shop, plain, shell] = ['', '', ''];
  let [shellReaches, daemonReaches] = [-1, -1];
  let search: Search | undefined;
  const model = played(async function* () {
    [shop = ''] = lastResults(yield { calls: [call('mcp__shop__tell')] });
    [plain = ''] = lastResults(yield { calls: [call('mcp__plain__tell')] });
    [shell = ''] = lastResults(yield { calls: [bash(LOOK)] });
    search = await searchAs(users, credentialShapes('x', secret), [join(folder, 'instances')]);
    [shellReaches, daemonReaches] = [reachable(users.shell), reachable(users.daemon)];
    yield { say: 'Done.' };
  });
  const of = await openCloud({ folder, path, model, users, agentEnv });
  cloud = of;
  await of.outcomes(await of.say('Ask the shop.'));
  const saidBy = (text: string) => told.parse(JSON.parse(found(/^(\{.*\})$/m, text)));
  if (search === undefined) throw new Error(`nobody searched:\n${of.instances.log}`);
  return { shop: saidBy(shop), plain: saidBy(plain), shell, search, shellReaches, daemonReaches };
}

const noUsers = whyNoUsers();
const withUsers = noUsers === undefined ? it : it.skip;
const skipped = noUsers === undefined ? '' : ` (skipped: ${noUsers})`;

describe('the secret of a tool server, on a machine where such servers have a user of their own', () => {
  const users = { daemon: DAEMON, shell: SHELL, tools: TOOLS };

  async function expectNowhere(programs: readonly string[]): Promise<void> {
    const seen = await callAndLook(users, programs);
    const { shop, plain, shell, search } = seen;
    expect(shop).toMatchObject({ uid: TOOLS, environment: { SHOP_TOKEN: `[secret ${PARAMETER}]` } });
    expect(plain.uid).toBe(SHELL);
    expect(shell).toContain('looked');
    expect(shell).not.toContain(secret);
    expect(seen).toMatchObject({ shellReaches: 0, daemonReaches: 2 });
    expect(Object.entries(search.looked).filter(([, count]) => count === 0)).toEqual([]);
    expect(search.found).toEqual([]);
  }

  withUsers(`is nowhere to be found by the shell's user, even without a sandbox${skipped}`, () =>
    expectNowhere(withoutSandbox()),
  );

  withUsers(`is nowhere to be found, and the server works, in the sandbox of that user${skipped}`, () =>
    expectNowhere([]),
  );

  withUsers(`as a control: as the shell's user it is found${skipped}`, async () => {
    const { shop, shell, search } = await callAndLook({ ...users, tools: SHELL }, withoutSandbox());
    expect(shop.uid).toBe(SHELL);
    expect(shell).toContain(secret);
    expect(search.found).toContainEqual(expect.stringMatching(/^\/proc\/\d+\/environ$/));
  });
});
