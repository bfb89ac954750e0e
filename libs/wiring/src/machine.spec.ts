import { mkdirSync, mkdtempSync, realpathSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { Fault, sessionBranch } from '@swe/domain';
import type { Logger } from '@swe/domain';
import { ManualClock, MemoryRepoCredentials, MemoryRepoHost } from '@swe/testing/memory';
import { createBareRepository, openLoopbackGit } from '@swe/testing/servers';
import type { LoopbackGit } from '@swe/testing/servers';
import { openMachine } from './machine';

const SESSION = 'sabcdefghijklmnopqrst';
const { signal } = new AbortController();

let folder: string;
let host: LoopbackGit;
const credentials = new MemoryRepoCredentials(new ManualClock());

beforeEach(async () => {
  folder = realpathSync(mkdtempSync(join(tmpdir(), 'machine-')));
  createBareRepository(join(folder, 'host'), 'acme/shop');
  host = await openLoopbackGit({
    folder: join(folder, 'host'),
    authorize: (credential, repository, access) =>
      credential !== undefined &&
      credentials.lets(credential.password, `${host.origin}/${repository}`, access)
        ? 'allow'
        : 401,
  });
  credentials.add(`${host.origin}/acme/shop`);
});
afterEach(async () => {
  await host.close();
  rmSync(folder, { recursive: true, force: true });
});

/** A machine whose git speaks to a host where nobody has pushed anything to `acme/shop` yet. */
async function openWorld() {
  const options = {
    hidden: join(folder, 'hidden'),
    path: process.env['PATH'] ?? '',
    repositories: [join(folder, 'forge')],
    secrets: [],
    onBare: () => undefined,
  };
  mkdirSync(options.hidden);
  const interrupts = { signal, beforeQuit: () => undefined, [Symbol.dispose]: () => undefined };
  const shop = `${host.origin}/acme/shop`;
  const memory = new MemoryRepoHost();
  memory.addRepository(shop);
  const asked: string[] = [];
  const repoHost = {
    repository: (url: string) => memory.repository(url),
    branchHead: async (url: string, branch: string) =>
      void asked.push(url === shop ? branch : `${branch} of ${url}`),
    isOnBranch: async () => false,
  };
  const git = { sessionId: SESSION, origins: [host.origin], credentials, repoHost, logger: silent };
  const machine = await openMachine({ ...options, git }, join(folder, 'session'), interrupts);
  return {
    machine,
    memory,
    asked,
    shop,
    async run(script: string, processes = machine.processes) {
      const { exitCode, output } = await processes.run(
        { command: { script }, cwd: '.', timeoutMs: 50_000, previewBytes: 10_000 },
        signal,
      );
      return `${exitCode} ${output.head}`;
    },
    [Symbol.asyncDispose]: () => machine[Symbol.asyncDispose](),
  };
}

describe("a machine's git", () => {
  it('reads and pushes through the proxy, wherever its commands run', async () => {
    await using world = await openWorld();
    const { machine, memory, asked, run, shop } = world;
    expect(await run(`git clone ${shop}.git`)).not.toMatch(/^0 /);
    machine.grant(shop.toUpperCase().replace('HTTP', 'http'));
    expect(
      await run(`git clone ${host.origin}/acme/shop.git && cd shop && git commit --allow-empty -m a`),
    ).toMatch(/^0 /);
    expect(await run('cd shop && git push origin HEAD:main')).toContain('may push only its own branches');
    const push = `cd shop && git push origin HEAD:${sessionBranch(SESSION)}`;
    expect(await run(push)).toMatch(/^0 /);
    expect(await run(`${push}-2`, machine.pushProcesses)).toMatch(/^0 /);
    // What a session's work starts from is what its workflows are compared with.
    expect(new Set(asked)).toEqual(new Set(['main']));
    machine.grant(shop, 'release/1');
    machine.grant(shop);
    expect(await run(`${push}-3`)).toMatch(/^0 /);
    expect(asked.at(-1)).toBe('release/1');
    // A fork's work starts from its upstream's branches: its own may be behind.
    memory.addRepository(`${host.origin}/acme/upstream`);
    machine.grant(shop, undefined, `${host.origin}/acme/upstream`);
    expect(await run(`${push}-4`)).toMatch(/^0 /);
    expect(asked.at(-1)).toBe(`release/1 of ${host.origin}/acme/upstream`);

    const withTest = `cd shop && echo "it('adds', () => {});" > a.spec.ts && git add . && git commit -m b`;
    const untest = 'cd shop && git rm a.spec.ts && git commit -m c';
    expect(await run(`${withTest} && cd .. && ${push} && cd .. && ${untest}`)).toMatch(/^0 /);
    // As in a repair, until it is told that the session is in none.
    expect(await run(push)).toContain('tests deleted: `a.spec.ts`');
    const standing = {
      isRepair: () => false,
      mayChangeWorkflows: async () => false,
      demandPush: async () => undefined,
    };
    machine.heed(standing);
    expect(await run(push)).toMatch(/^0 /);
    const workflow = 'mkdir -p .github/workflows && echo "on: push" > .github/workflows/ci.yml';
    expect(await run(`cd shop && ${workflow} && git add . && git commit -m d`)).toMatch(/^0 /);
    expect(await run(push)).toContain('needs leave of a person');
    machine.heed({ ...standing, mayChangeWorkflows: async () => true });
    expect(await run(push)).toMatch(/^0 /);
  });

  it('pushes where those whom it works for may write, and to any fork of its own', async () => {
    await using world = await openWorld();
    const { machine, memory, run, shop } = world;
    memory.addRepository(`${host.origin}/acme/upstream`);
    const demanded: string[] = [];
    machine.heed({
      isRepair: () => false,
      mayChangeWorkflows: async () => false,
      demandPush: async (repository) => {
        demanded.push(repository);
        throw new Fault('denied', 'Ada may not write there');
      },
    });
    machine.grant(shop);
    expect(await run(`git clone ${shop}.git && cd shop && git commit --allow-empty -m a`)).toMatch(/^0 /);
    const push = `cd shop && git push origin HEAD:${sessionBranch(SESSION)}`;
    expect(await run(push)).toContain('Ada may not write there');
    expect(new Set(demanded)).toEqual(new Set([shop]));
    machine.grant(shop, undefined, `${host.origin}/acme/upstream`);
    expect(await run(push)).toMatch(/^0 /);
  });
});

const silent: Logger = {
  debug: () => undefined,
  info: () => undefined,
  warn: () => undefined,
  error: () => undefined,
  with: () => silent,
};
