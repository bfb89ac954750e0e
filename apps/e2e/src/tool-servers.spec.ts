import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { openSqliteStore, SqliteAccess, SqliteSessionStore } from '@swe/adapter-local/sqlite';
import { approvalOfServers, readRepositoryServers } from '@swe/domain';
import { lastResults, openLoopbackOpenAi } from '@swe/testing/servers';
import type { LoopbackServer } from '@swe/testing/servers';
import { z } from 'zod';
import { bash, call, found, played } from './scripted-model';
import type { ModelScript } from './scripted-model';
import { openMachine } from './swe';
import type { Ended, Machine } from './swe';
import { TOOL_SERVER } from './tool-server-program';

const TOKEN = 'token-of-the-shop';
const told = z.object({ pid: z.int(), environment: z.record(z.string(), z.string()), cwd: z.string() });

let machine: Machine;
let model: LoopbackServer | undefined;
beforeEach(() => {
  machine = openMachine();
});
afterEach(async () => {
  machine.close();
  await model?.close();
});

/** Has `shop`, a tool server of ours, in the twin's folder, and others beside it. */
function configure(others: Readonly<Record<string, object>> = {}): void {
  const [home, code] = [join(machine.folder, 'swe'), join(machine.folder, 'code')];
  for (const folder of [join(home, 'secrets'), code]) mkdirSync(folder, { recursive: true });
  writeFileSync(join(code, 'server.mjs'), TOOL_SERVER);
  writeFileSync(join(home, 'secrets/SHOP'), `${TOKEN}\n`);
  const shop = {
    command: 'node',
    args: [join(code, 'server.mjs')],
    env: { SHOP_TOKEN: '${secret:SHOP}', SHOP_NAME: 'corner' },
    readableFolders: [code],
    callTimeoutMs: 1_000,
  };
  writeFileSync(join(home, 'mcp.json'), JSON.stringify({ mcpServers: { shop, ...others } }));
}

async function runWith(script: ModelScript): Promise<Ended> {
  model = await openLoopbackOpenAi(played(script));
  const root = machine.makeRepository('shop', { 'README.md': 'A shop.\n' });
  const args = ['run', '--repo', root, '--task', 'Ask the shop.', '--model', 'openai-compatible/any'];
  return machine.swe(args, { SWE_MODEL_BASE_URL: model.url, OPENAI_API_KEY: 'sk-of-the-person' });
}

describe('a tool server', () => {
  it('is called, has in its environment what its configuration names, and keeps its secret', async () => {
    configure();
    let said = '';
    let seen = '';
    const run = await runWith(function* () {
      [said = ''] = lastResults(yield { calls: [call('mcp__shop__tell')] });
      [seen = ''] = lastResults(
        yield { calls: [bash("cat /proc/[0-9]*/environ | tr '\\0' '\\n' | grep SHOP_; echo over")] },
      );
      yield { say: 'Done.' };
    });
    expect(run).toMatchObject({ exitCode: 0 });
    const { environment, cwd } = told.parse(JSON.parse(found(/^(\{.*\})$/m, said)));
    expect(environment).toMatchObject({ SHOP_NAME: 'corner', SHOP_TOKEN: '[secret SHOP]', HOME: cwd });
    expect(Object.keys(environment)).not.toContain('OPENAI_API_KEY');
    expect(said).not.toContain(TOKEN);
    expect(seen).toContain('over');
    // Without a sandbox everything runs as one user, and says so.
    if (!run.stderr.includes('No sandbox')) expect(seen).not.toContain('SHOP_');
  });

  it('that hangs, or never comes up, costs its deadline and not the session', async () => {
    configure({ mute: { command: 'sleep', args: ['1000'], startTimeoutMs: 1_000 } });
    let [hung, troubles] = ['', ''];
    const run = await runWith(function* () {
      [hung = ''] = lastResults(yield { calls: [call('mcp__shop__hang')] });
      [troubles = ''] = lastResults(yield { calls: [call('mcp_search', { words: 'anything' })] });
      yield { say: 'Done.' };
    });
    expect(run).toMatchObject({ exitCode: 0 });
    expect(hung).toContain('shop gave no answer within 1 s');
    expect(troubles).toContain('server mute is in trouble: it did not come up within 1 s');
  });

  it('that does not start is named by swe doctor, and so is what is wrong with the file', async () => {
    const rehearsal = ['doctor', '--model', 'rehearsal/fix-failing-test'];
    configure();
    expect((await machine.swe(rehearsal)).stdout).toMatch(/tool servers +2 tools of 1 servers/);
    configure({ broken: { command: 'no-such-program' } });
    expect(await machine.swe(rehearsal)).toMatchObject({
      exitCode: 1,
      stdout: expect.stringMatching(/tool servers.*broken: .*no-such-program/s),
    });
    configure({ broken: { command: 'x', args: ['${secret:SHOP}'] } });
    expect((await machine.swe(rehearsal)).stdout).toMatch(/tool servers.*mcpServers\.broken\.args/s);
  });
});

describe('a tool server that a repository names', () => {
  it('is called once an admin has approved the file as it is on the base branch', async () => {
    const mcp = { mcpServers: { own: { command: 'node', args: ['${workspaceFolder}/shop/server.mjs'] } } };
    const files = { 'server.mjs': TOOL_SERVER, '.mcp.json': JSON.stringify(mcp) };
    const root = machine.makeRepository('shop', files);
    let said = '';
    model = await openLoopbackOpenAi(
      played(function* () {
        yield { calls: [call('clone_repository', { repository: 'forge://shop' })] };
        // Not on the base branch, so it counts for nothing.
        yield { calls: [bash('cd shop && echo "{}" > .mcp.json && git commit -qam Changed')] };
        yield { say: 'Cloned.' };
        yield { say: 'Not yet.' };
        [said = ''] = lastResults(yield { calls: [call('mcp__own__tell')] });
        yield { say: 'Done.' };
      }),
    );
    const environment = { SWE_MODEL_BASE_URL: model.url };
    const args = ['--model', 'openai-compatible/any'];
    const first = await machine.swe(['run', '--repo', root, '--task', 'Clone it.', ...args], environment);
    const sessionId = found(/Session (s\w+)/, first.stdout);
    const goOn = () => machine.swe(['run', '--resume', sessionId, '--task', 'Go on.', ...args], environment);
    expect((await goOn()).stdout).toContain('names tool servers of its own');

    const database = openSqliteStore(join(machine.folder, 'swe/store.sqlite'));
    const session = await new SqliteSessionStore(database).load(sessionId);
    const { hash } = readRepositoryServers(files['.mcp.json']);
    const approval = approvalOfServers(session?.origin ?? '', hash);
    await new SqliteAccess(database).approve({ ...approval, by: 'local:ada', atMs: 1 });
    database.close();
    expect(await goOn()).toMatchObject({ exitCode: 0 });
    expect(said).toContain('"environment"');
  });
});
