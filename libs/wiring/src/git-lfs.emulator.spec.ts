import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import type { ToolContext } from '@swe/application/agent';
import { routeRepoHosts } from '@swe/application/agent';
import { backgroundProcesses, toolbox } from '@swe/application/tools';
import { newSession, sessionBranch, textOf } from '@swe/domain';
import type { Logger, Session } from '@swe/domain';
import {
  ManualClock,
  MemoryBlobStore,
  MemoryChat,
  MemoryDirectory,
  MemoryImage,
  MemoryRepoCredentials,
  MemoryRepoHost,
  MemoryWebPage,
} from '@swe/testing/memory';
import { createBareRepository, git, gitHandler } from '@swe/testing/servers';
import type { GitHandler } from '@swe/testing/servers';
import { openMachine } from './machine';

const isThere = spawnSync('git', ['lfs', 'version']).status === 0;
const withLfs = isThere ? describe : describe.skip;
const because = isThere ? '' : ' (skipped: git-lfs is not installed here)';

const TOKEN = 'RemoteAuth of-the-store';
const PICTURE = 'a picture\n'.repeat(1_000);
const oidOf = (content: string): string => createHash('sha256').update(content).digest('hex');

const signal = new AbortController().signal;
let folder: string;
let origin: string;
let handler: GitHandler;
/** Objects of git-lfs by id, and what its server was asked, as who. */
let objects: Map<string, string>;
let asked: string[];
const credentials = new MemoryRepoCredentials(new ManualClock());
const server = createServer((incoming, response) => void answer(incoming, response));

beforeEach(async () => {
  folder = realpathSync(mkdtempSync(join(tmpdir(), 'git-lfs-')));
  [objects, asked] = [new Map([[oidOf(PICTURE), PICTURE]]), []];
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const lets = (password: string | undefined, access: 'read' | 'push') =>
    password !== undefined && credentials.lets(password, `${origin}/acme/shop`, access);
  handler = gitHandler({
    folder: join(folder, 'host'),
    authorize: (credential, _repository, access) => (lets(credential?.password, access) ? 'allow' : 401),
  });
  credentials.add(`${origin}/acme/shop`);
  await seed();
});
afterEach(async () => {
  handler.close();
  server.closeAllConnections();
  await new Promise((resolve) => server.close(resolve));
  rmSync(folder, { recursive: true, force: true });
});

/** Puts a repository there with a picture of which git has the pointer alone: https://github.com/git-lfs/git-lfs/blob/main/docs/spec.md */
async function seed(): Promise<void> {
  const bare = createBareRepository(join(folder, 'host'), 'acme/shop');
  const seeded = join(folder, 'seed');
  await git(folder, 'clone', bare, seeded);
  const pointer = `version https://git-lfs.github.com/spec/v1\noid sha256:${oidOf(PICTURE)}\nsize ${PICTURE.length}\n`;
  writeFileSync(join(seeded, '.gitattributes'), '*.png filter=lfs diff=lfs merge=lfs -text\n');
  writeFileSync(join(seeded, 'a.png'), pointer);
  await git(seeded, 'add', '--all');
  await git(seeded, 'commit', '--message=Begin');
  await git(seeded, 'push', 'origin', 'HEAD:main');
}

/** Git, and beside it the server of git-lfs: https://github.com/git-lfs/git-lfs/blob/main/docs/api/README.md */
async function answer(incoming: IncomingMessage, response: ServerResponse): Promise<void> {
  const { method, url = '' } = incoming;
  const [, oid] = /^\/objects\/([0-9a-f]{64})$/.exec(url) ?? [];
  const isBatch = url === '/acme/shop.git/info/lfs/objects/batch';
  if (oid === undefined && !isBatch) return handler.handle(incoming, response);
  const pieces: Buffer[] = [];
  for await (const piece of incoming) pieces.push(piece as Buffer);
  const body = Buffer.concat(pieces).toString();
  const authorization = incoming.headers.authorization ?? '';
  if (oid !== undefined) {
    asked.push(`${method} ${authorization}`);
    if (authorization !== TOKEN) return void response.writeHead(401).end();
    if (method === 'PUT') objects.set(oid, body);
    return void response.writeHead(200).end(method === 'GET' ? objects.get(oid) : '');
  }
  const password = Buffer.from(authorization.replace('Basic ', ''), 'base64').toString().split(':')[1];
  const batch = JSON.parse(body) as {
    readonly operation: 'download' | 'upload';
    readonly objects: readonly { readonly oid: string; readonly size: number }[];
  };
  const access = batch.operation === 'upload' ? 'push' : 'read';
  asked.push(`${batch.operation} ${credentials.lets(password ?? '', `${origin}/acme/shop`, access)}`);
  const told = batch.objects.map((one) => {
    const isWanted = (batch.operation === 'download') === objects.has(one.oid);
    const action = { href: `${origin}/objects/${one.oid}`, header: { Authorization: TOKEN } };
    return { ...one, ...(isWanted && { actions: { [batch.operation]: action } }) };
  });
  response.writeHead(200, { 'content-type': 'application/vnd.git-lfs+json' });
  response.end(JSON.stringify({ transfer: 'basic', objects: told }));
}

withLfs(`a repository whose pictures git-lfs keeps${because}`, () => {
  it('is cloned with them, and a new one is there before the branch that has its pointer', async () => {
    const started = newSession(
      {
        ...{ messageKey: 'm1', origin: 'terminal:1', requester: 'local:ada', addressed: true },
        ...{ body: { kind: 'text', text: 'Fix it.' }, receivedAtMs: 0 },
      },
      1,
    );
    const branch = sessionBranch(started.id);
    const hidden = join(folder, 'hidden');
    mkdirSync(hidden);
    const shop = `${origin}/acme/shop`;
    const memory = new MemoryRepoHost();
    memory.addRepository(shop);
    const bare = join(folder, 'host/acme/shop.git');
    const headOf = async (name: string): Promise<string | undefined> => {
      const { code, out } = await git(bare, 'rev-parse', '--verify', '--quiet', `refs/heads/${name}`);
      return code === 0 ? out : undefined;
    };
    const repoHost = Object.assign(memory, {
      repository: async () => ({
        ...{ url: shop, name: 'shop', defaultBranch: 'main', access: 'write' as const },
        cloneUrl: `${shop}.git`,
      }),
      branchHead: async (_url: string, name: string) => {
        const head = await headOf(name);
        if (head !== undefined) memory.pushCommit(shop, name, head);
        return head;
      },
      isOnBranch: async (_url: string, name: string, sha: string) => (await headOf(name)) === sha,
    });
    const hosts = { sessionId: started.id, origins: [origin], credentials, repoHost, logger: silent };
    const interrupts = { signal, beforeQuit: () => undefined, [Symbol.dispose]: () => undefined };
    const options = {
      ...{ hidden, path: process.env['PATH'] ?? '', repositories: [join(folder, 'forge')], secrets: [] },
      ...{ onBare: () => undefined, git: hosts },
    };
    await using machine = await openMachine(options, join(folder, 'session'), interrupts);
    const tools = toolbox({
      ...routeRepoHosts([{ serves: () => true, repoHost }]),
      ...machine,
      background: backgroundProcesses(machine.processes),
      blobs: new MemoryBlobStore(),
      chat: new MemoryChat(),
      directory: new MemoryDirectory(),
      demandRight: async () => undefined,
      image: new MemoryImage(),
      webPage: new MemoryWebPage(),
      clock: new ManualClock(),
      follow: async () => undefined,
      branch,
      issue: undefined,
      ripgrepPath: 'rg',
    });
    let session: Session = started;
    const call = async (name: string, input: Readonly<Record<string, string>>): Promise<string> => {
      const context: ToolContext = {
        ...{ callId: name, session, people: [], record: { checks: [], isRepair: false } },
        resultOf: () => undefined,
        ...{ signal, wordsArrive: signal, startedAtMs: 0, effect: (_key, _what, act) => act() },
      };
      const tool = tools.find(({ spec }) => spec.name === name);
      const output = await tool?.call(input, context);
      session = { ...session, ...(output?.session as Partial<Session>) };
      return textOf(output?.content ?? []);
    };

    expect(await call('clone_repository', { repository: shop })).not.toContain('pointers');
    expect(await call('bash', { command: 'sha256sum < shop/a.png' })).toContain(oidOf(PICTURE));
    const change = 'cd shop && printf new > b.png && git add --all && git commit --quiet --message=New';
    await call('bash', { command: `${change} && git show HEAD:b.png` });
    const request = { directory: 'shop', title: 'New', body: 'A picture.' };
    expect(await call('open_pull_request', request)).toMatch(/^Opened /);
    expect(objects.get(oidOf('new'))).toBe('new');
    expect((await git(bare, 'show', `${branch}:b.png`)).out).toContain(`oid sha256:${oidOf('new')}`);
    expect(new Set(asked)).toEqual(new Set(['download true', `GET ${TOKEN}`, 'upload true', `PUT ${TOKEN}`]));
  });
});

const silent: Logger = {
  debug: () => undefined,
  info: () => undefined,
  warn: () => undefined,
  error: () => undefined,
  with: () => silent,
};
