import { mkdirSync, mkdtempSync, realpathSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { routeRepoHosts } from '@swe/application/agent';
import type { ToolContext } from '@swe/application/agent';
import { backgroundProcesses, toolbox } from '@swe/application/tools';
import { newSession, sessionBranch, textOf } from '@swe/domain';
import type { Logger, Session } from '@swe/domain';
import { systemClock } from '@swe/runtime';
import {
  MemoryBlobStore,
  MemoryChat,
  MemoryDirectory,
  MemoryImage,
  MemoryWebPage,
} from '@swe/testing/memory';
import { openLoopbackGithub } from '@swe/testing/servers';
import type { GithubRepository, GithubRepositoryOptions, LoopbackGithub } from '@swe/testing/servers';
import { openGithub } from './github';
import { openMachine } from './machine';

const silent: Logger = {
  debug: () => undefined,
  info: () => undefined,
  warn: () => undefined,
  error: () => undefined,
  with: () => silent,
};
const { signal } = new AbortController();
const started = newSession(
  {
    messageKey: 'm1',
    origin: 'terminal:1',
    requester: 'local:ada',
    addressed: true,
    body: { kind: 'text', text: 'Fix it.' },
    receivedAtMs: 0,
  },
  1,
);
const BRANCH = sessionBranch(started.id);

let folder: string;
let github: LoopbackGithub;
beforeEach(async () => {
  folder = realpathSync(mkdtempSync(join(tmpdir(), 'refusals-')));
  github = await openLoopbackGithub();
  github.world.addUser('acme', 'Organization');
  for (const login of ['ada', 'swe-agent']) github.world.addUser(login);
});
afterEach(async () => {
  await github.close();
  rmSync(folder, { recursive: true, force: true });
});

/** A repository of acme's that the agent's user may write, unless it says otherwise. */
function repository(name: string, options: GithubRepositoryOptions = {}): GithubRepository {
  return github.world.addRepository(`acme/${name}`, {
    collaborators: { ada: 'write', 'swe-agent': 'write' },
    ...options,
  });
}

const urlOf = (name: string): string => `${github.serverUrl}/acme/${name}`;

/** The agent's tools on a machine of its own, on GitHub with the token of the moment. */
async function open(token = github.tokens.addClassic('swe-agent')) {
  const held = { token, mayChangeWorkflows: false };
  const { serverUrl, apiUrl } = github;
  const access = { as: 'user' as const, token: async () => held.token };
  const opened = openGithub({ serverUrl, apiUrl, access, clock: systemClock });
  const own = (name: string): string => {
    mkdirSync(join(folder, name));
    return join(folder, name);
  };
  const git = {
    sessionId: started.id,
    origins: [serverUrl],
    credentials: opened.credentials,
    repoHost: opened.repoHost,
    logger: silent,
  };
  const options = {
    hidden: own('hidden'),
    path: process.env['PATH'] ?? '',
    repositories: [own('forge')],
    secrets: [],
    onBare: () => undefined,
    git,
  };
  const interrupts = { signal, beforeQuit: () => undefined, [Symbol.dispose]: () => undefined };
  const machine = await openMachine(options, own('session'), interrupts);
  const tools = toolbox({
    ...routeRepoHosts([opened]),
    ...machine,
    background: backgroundProcesses(machine.processes),
    blobs: new MemoryBlobStore(),
    chat: new MemoryChat(),
    directory: new MemoryDirectory(),
    demandRight: async () => undefined,
    image: new MemoryImage(),
    webPage: new MemoryWebPage(),
    clock: systemClock,
    follow: async () => undefined,
    branch: BRANCH,
    issue: undefined,
    ripgrepPath: 'rg',
  });
  let session: Session = started;
  let calls = 0;
  const call = async (name: string, input: Readonly<Record<string, string>>) => {
    const tool = tools.find(({ spec }) => spec.name === name);
    if (tool === undefined) throw new Error(`there is no tool ${name}`);
    const context: ToolContext = {
      callId: `call-${(calls += 1)}`,
      session,
      people: [session.requester],
      record: { checks: [], isRepair: false },
      resultOf: () => undefined,
      wordsArrive: signal,
      startedAtMs: 0,
      signal,
      effect: (_key, _what, act) => act(),
    };
    const { content, isError = false, session: change } = await tool.call(input, context);
    session = { ...session, ...change };
    return { text: textOf(content), isError };
  };
  machine.heed({
    isRepair: () => false,
    mayChangeWorkflows: async () => held.mayChangeWorkflows,
    demandPush: async () => undefined,
  });
  return {
    held,
    clone: (name: string) => call('clone_repository', { repository: urlOf(name) }),
    comment: (on: string) => call('comment', { on, body: 'Done.' }),
    pullRequest: (directory = 'shop') =>
      call('open_pull_request', { directory, title: 'Title', body: 'Body' }),
    /** What a script in the workspace prints; fails with what it printed unless it succeeds. */
    async run(script: string): Promise<string> {
      const spec = { command: { script }, cwd: '.', timeoutMs: 50_000, previewBytes: 10_000 };
      const { exitCode, output } = await machine.processes.run(spec, signal);
      if (exitCode !== 0) throw new Error(output.head);
      return output.head.trim();
    },
    [Symbol.asyncDispose]: () => machine[Symbol.asyncDispose](),
  };
}

/** A commit in the working copy, which is how its being kept shows. */
const COMMIT = 'git commit -q --allow-empty -m "fix: the fare"';
const KEPT = 'git log -1 --format=%s';

type Opened = Awaited<ReturnType<typeof open>>;

async function expectTold(call: ReturnType<Opened['clone']>, ...sentences: readonly string[]): Promise<void> {
  const { text, isError } = await call;
  for (const sentence of sentences) expect(text).toContain(sentence);
  expect(isError).toBe(true);
}

/** A clone of the shop with a commit in it that is nowhere else. */
async function openWithWork(options: GithubRepositoryOptions = {}) {
  const shop = repository('shop', options);
  const at = await open();
  expect(await at.clone('shop')).toMatchObject({ isError: false });
  await at.run(`cd shop && ${COMMIT}`);
  return { shop, at };
}

const expectKept = async (at: Opened): Promise<void> =>
  expect(await at.run(`cd shop && ${KEPT}`)).toBe('fix: the fare');

describe('a repository', () => {
  it.each([
    ['missing', undefined],
    ['private', { isPrivate: true, collaborators: {} }],
  ])('that is %s', async (_how, options) => {
    if (options !== undefined) repository('secret', options);
    await using at = await open();
    await expectTold(
      at.clone('secret'),
      'GitHub: acme/secret: Not Found: there is none, or the token may not see it: check the address, or give the token or App access to it',
    );
    expect(await at.run('ls')).toBe('');
  });

  it('that is archived can be read; what was done there stays', async () => {
    const { shop, at } = await openWithWork();
    await using _at = at;
    shop.isArchived = true;
    await expectTold(
      at.pullRequest(),
      `${urlOf('shop')} is archived: no pull request can be opened there. Your commits are kept in shop.`,
    );
    await expectKept(at);
    repository('attic').isArchived = true;
    const { text, isError } = await at.clone('attic');
    expect(text).toContain(`${urlOf('attic')} is archived: nobody can change it, nor open a pull request.`);
    expect(isError).toBe(false);
  });

  it('that is empty', async () => {
    repository('shop', { files: {} });
    await using at = await open();
    await expectTold(
      at.clone('shop'),
      `${urlOf('shop')} is empty: somebody has to push a first commit to main, then it can be cloned.`,
    );
  });

  it('that was renamed is worked on under either name', async () => {
    const { shop, at } = await openWithWork();
    await using _at = at;
    github.world.rename(shop, 'acme/store');
    const { text } = await at.pullRequest();
    expect(text).toContain(`Opened ${urlOf('store')}/pull/1`);
    expect((await at.comment(`${urlOf('store')}/pull/1`)).text).toBe(
      `Commented on ${urlOf('store')}/pull/1.`,
    );
    await expectKept(at);
    expect((await at.clone('shop')).text).toContain(`${urlOf('shop')} is called ${urlOf('store')} now.`);
  });
});

describe('a token', () => {
  const MEND = 'store a new one, or check the id and key of the App';

  it('that has ended', async () => {
    const { at } = await openWithWork();
    await using _at = at;
    at.held.token = github.tokens.addClassic('swe-agent', ['repo'], { expiresAtMs: 1 });
    const sentence = `Bad credentials: it does not take the token, which may have ended or been revoked: ${MEND}`;
    await expectTold(at.pullRequest(), `GitHub: acme/shop: ${sentence}`);
    await expectTold(at.clone('shop'), `GitHub: acme/shop: ${sentence}`);
    await expect(at.run('git -C shop fetch')).rejects.toThrow(sentence);
    await expectKept(at);
  });

  it('without the scope for it', async () => {
    const { at } = await openWithWork();
    await using _at = at;
    at.held.token = github.tokens.addClassic('swe-agent', ['gist']);
    const lack = (scope: string) =>
      `the token lacks the scope ${scope} (it has gist): tick it in the token's settings`;
    await expectTold(at.pullRequest(), 'Your commits are kept in shop.', lack('repo or public_repo'));
    repository('secret', { isPrivate: true });
    await expectTold(at.clone('secret'), `GitHub: acme/secret: Not Found: `, lack('repo'));
    await expectKept(at);
  });

  it('without the permission for it', async () => {
    const { shop, at } = await openWithWork();
    const { number } = github.activity.issues.create(shop, 'ada', { title: 'Broken' });
    await using _at = at;
    at.held.token = github.tokens.addFineGrained('swe-agent', { metadata: 'read', contents: 'read' });
    await expectTold(
      at.pullRequest(),
      'Your commits are kept in shop.',
      "its host says 403; whoever runs this has to give write access there to the agent's token or App",
    );
    await expectTold(
      at.comment(`${urlOf('shop')}/issues/${number}`),
      `GitHub: acme/shop#${number}: Resource not accessible by personal access token: if it lacks permissions, the token wants the permissions issues=`,
    );
    await expectKept(at);
  });

  it('without the scope or permission for workflow files, which want a person’s leave first', async () => {
    const { at } = await openWithWork();
    await using _at = at;
    const workflow = 'mkdir -p .github/workflows && echo "on: push" > .github/workflows/ci.yml';
    await at.run(`cd shop && ${workflow} && git add . && git commit -qm "ci: check"`);
    await expectTold(at.pullRequest(), 'needs leave of a person', 'for them to say: allow workflows');
    at.held.mayChangeWorkflows = true;
    const refused = (what: string, lack: string) =>
      expectTold(
        at.pullRequest(),
        'what your token or App may do',
        `refusing to allow ${what} to create or update workflow \`.github/workflows/ci.yml\` without \`${lack}`,
      );
    at.held.token = github.tokens.addClassic('swe-agent', ['repo']);
    await refused('a Personal Access Token', 'workflow` scope');
    at.held.token = github.tokens.addFineGrained('swe-agent', { metadata: 'read', contents: 'write' });
    await refused('a Personal Access Token', 'workflows` permission');
    at.held.token = github.tokens.addClassic('swe-agent');
    expect(await at.pullRequest()).toMatchObject({ isError: false });
  });

  it('that single sign-on stands before', async () => {
    const { at } = await openWithWork();
    await using _at = at;
    github.world.ssoOrganizations.add('acme');
    at.held.token = github.tokens.addClassic('swe-agent', ['repo'], { isSsoAuthorized: false });
    const { host } = new URL(github.serverUrl);
    const sentence = `authorise the token for the organization's single sign-on, in its settings at ${host}, Configure SSO`;
    await expectTold(at.pullRequest(), sentence);
    await expectTold(at.clone('shop'), sentence);
    await expect(at.run('git -C shop fetch')).rejects.toThrow(sentence);
    await expectKept(at);
  });
});

describe('an issue', () => {
  it('that is locked, where the agent may not write', async () => {
    const shop = repository('shop', { collaborators: { 'swe-agent': 'read' } });
    const issue = github.activity.issues.create(shop, 'ada', { title: 'Broken' });
    github.activity.issues.change(shop, issue, 'acme', { isLocked: true });
    await using at = await open();
    await at.clone('shop');
    await expectTold(
      at.comment(`${urlOf('shop')}/issues/${issue.number}`),
      `${urlOf('shop')}/issues/${issue.number} is locked: whoever may write there has to unlock it, or to give the agent write access`,
    );
  });
});

describe('a branch', () => {
  it('that is the default one and protected stands in nobody’s way', async () => {
    const { shop, at } = await openWithWork();
    await using _at = at;
    shop.protectedBranches.add('main');
    await expect(at.run('git -C shop push origin HEAD:main')).rejects.toThrow(
      'may push only its own branches',
    );
    expect(await at.pullRequest()).toMatchObject({ isError: false });
  });

  it('that a rule of the repository protects', async () => {
    const { shop, at } = await openWithWork();
    await using _at = at;
    shop.protectedBranches.add(BRANCH);
    await expectTold(
      at.pullRequest(),
      `The host does not take ${BRANCH}. Your commits are kept in shop.`,
      'only a person can change that',
      `GH006: Protected branch update failed for refs/heads/${BRANCH}`,
    );
    await expectKept(at);
  });

  it('whose name is taken, by other commits or by a branch above it', async () => {
    const { shop, at } = await openWithWork();
    await using _at = at;
    const { pushes } = github.activity;
    pushes.commit(shop, 'ada', { branch: BRANCH, files: { other: '1\n' }, from: 'main' });
    await expectTold(
      at.pullRequest(),
      `${BRANCH} is on the host already, with commits that shop lacks. Your commits are kept in shop. Fetch it (git fetch origin ${BRANCH})`,
    );
    pushes.deleteRef(shop, 'ada', `refs/heads/${BRANCH}`);
    pushes.commit(shop, 'ada', { branch: 'swe', files: { other: '1\n' }, from: 'main' });
    await expectTold(
      at.pullRequest(),
      `The host does not take ${BRANCH}. Your commits are kept in shop.`,
      `'refs/heads/swe' exists; cannot create`,
    );
    await expectKept(at);
    pushes.deleteRef(shop, 'ada', 'refs/heads/swe');
    expect(await at.pullRequest()).toMatchObject({ isError: false });
  });
});

describe('a network that is cut', () => {
  /** Breaks the nth transfer of a service off, before its end. */
  function cutOnce(service: 'git-upload-pack' | 'git-receive-pack', nth: number, afterBytes: number): void {
    let transfers = 0;
    github.git.cut = (request) => {
      if (request.service !== service) return undefined;
      transfers += 1;
      return transfers === nth ? { of: 'answer', afterBytes } : undefined;
    };
  }

  it.each([
    ['commits come', 2],
    ['files come', 3],
  ])('in the middle of a clone, while its %s', async (_what, nth) => {
    repository('store', { files: { a: 'a'.repeat(10_000), b: 'b'.repeat(10_000) } });
    const { at } = await openWithWork();
    await using _at = at;
    cutOnce('git-upload-pack', nth, 100);
    await expectTold(
      at.clone('store'),
      `${urlOf('store')} could not be cloned. If the connection broke off, call clone_repository again`,
      'What is in the workspace is kept.',
    );
    await expectKept(at);
    expect(await at.clone('store')).toMatchObject({ isError: false });
  });

  it('in the middle of a push', async () => {
    const { at } = await openWithWork();
    await using _at = at;
    cutOnce('git-receive-pack', 1, 3);
    await expectTold(
      at.pullRequest(),
      `${BRANCH} could not be pushed. Your commits are kept in shop. If the connection broke off, call open_pull_request again`,
    );
    await expectKept(at);
    expect(await at.pullRequest()).toMatchObject({ isError: false });
  });
});
