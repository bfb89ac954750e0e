import { execFileSync, spawnSync } from 'node:child_process';
import {
  chmodSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  realpathSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { credentialShapes, lastResults } from '@swe/testing/servers';
import { openCloud } from './cloud/cloud';
import type { Cloud } from './cloud/cloud';
import { clone, commit, firstPullRequest, fixFare, openGithub, openPullRequest } from './cloud/github';
import type { GithubOfCloud } from './cloud/github';
import { bash, played } from './scripted-model';
import type { Conversation } from './scripted-model';
import { DAEMON, searchAs, SHELL, whyNoUsers } from './cloud/machine-users';
import type { MachineUsers } from './cloud/machine-users';
import type { Search } from './cloud/search-readable';

const probe = ['--ro-bind', '/', '/', '--unshare-pid', 'true'];
const sandboxed = spawnSync('bwrap', probe).status === 0 ? it : it.skip;
const reason = 'skipped where bubblewrap is absent or may not make namespaces';

/** All that a shell can find out about itself, its git, and whatever else runs. */
const LOOK = `
env
git config --list --show-origin
git -C fares config --list --show-origin
git -C fares remote -v
cat ~/.gitconfig ~/.git-credentials fares/.git/config
ps auxww
for part in environ cmdline; do cat /proc/[0-9]*/$part | tr '\\0' '\\n'; done
true`;
const GRAB = "cat /proc/[0-9]*/environ | tr '\\0' '\\n' | grep --text --max-count=1 ^GITHUB_TOKEN=";

let folder: string;
let github: GithubOfCloud;
let cloud: Cloud | undefined;
beforeEach(async () => {
  folder = realpathSync(mkdtempSync(join(tmpdir(), 'swe-cloud-')));
  github = await openGithub();
});
afterEach(async () => {
  await cloud?.close();
  cloud = undefined;
  await github.server.close();
  rmSync(folder, { recursive: true, force: true });
});

type Place = 'shell' | 'store' | 'checkpoints' | 'disks' | 'logs' | 'thread' | 'commits' | 'GitHub';

interface Fix {
  /** Go before those of the machine. */
  readonly programs?: readonly string[];
  readonly users?: MachineUsers;
}

interface Seen {
  readonly texts: Readonly<Record<Place, readonly string[]>>;
  /** What another process of the shell's user saw, in the middle of the work and after it. */
  readonly searches: readonly Search[];
}

/** Has an issue fixed by a shell that looks around meanwhile, and gives what is to be seen afterwards, by where it is. */
async function fixAndLook({ programs = [], users }: Fix = {}): Promise<Seen> {
  const { server, library } = github;
  const issue = server.activity.issues.create(library, 'ada', { title: 'The fare is wrong' });
  const path = [...programs, dirname(process.execPath), process.env['PATH'] ?? ''].join(delimiter);
  const shell: string[] = [];
  const searches: Search[] = [];
  const search = async (): Promise<void> => {
    if (users === undefined) return;
    searches.push(await searchAs(users, shapes(), [join(folder, 'instances')]));
  };
  const model = played(async function* () {
    const heard = (conversation: Conversation): string => {
      shell.push(...lastResults(conversation));
      return shell.at(-1) ?? '';
    };
    heard(yield { calls: [clone(`${server.serverUrl}/acme/fares`)] });
    heard(yield { calls: [bash(LOOK)] });
    heard(yield { calls: [fixFare()] });
    // What it sees it keeps, commits, and tells everybody.
    heard(yield { calls: [bash(`(${LOOK}) > fares/seen 2>&1`)] });
    const grabbed = heard(yield { calls: [bash(GRAB)] });
    heard(yield { calls: [commit('Charge four for a kilometre')] });
    const { name, input } = openPullRequest();
    heard(yield { calls: [{ name, input: { ...input, body: grabbed } }] });
    await search();
    // A checkpoint leaves out what holds a credential as it is.
    heard(yield { calls: [bash(`(${GRAB}) | base64 --wrap=0 > fares/seen-again; ${LOOK}`)] });
    yield { say: `The fare is right. ${grabbed}` };
  });
  // A user without an entry in passwd has a home by its environment alone; and a forge of the machine's own.
  const agentEnv = users === undefined ? {} : { HOME: '/nonexistent', SWE_TWIN_HOME: '' };
  const of = await openCloud({ folder, path, model, github, users, agentEnv });
  cloud = of;
  const sessionId = await of.say(`${server.serverUrl}/acme/fares/issues/${issue.number}`);
  await of.outcomes(sessionId);
  await of.until('the answer', async () => of.said().find(({ text }) => text.includes('The fare is right.')));
  await firstPullRequest(of, library);
  await search();
  const contents = await of.contents();
  const texts = {
    shell,
    store: contents.map((bytes) => bytes.toString('latin1')),
    checkpoints: [unpack(contents, library.git.path)],
    disks: filesIn(join(folder, 'instances')),
    logs: [of.instances.log, of.manager.log(), of.ingress.log()],
    thread: [JSON.stringify(of.slack.world.posts)],
    commits: [objectsOf(library.git.path)],
    GitHub: [JSON.stringify([...library.issues.values()])],
  };
  return { texts, searches };
}

/** https://git-scm.com/docs/gitformat-pack: its signature, and the only version that is written. */
const PACK = Buffer.from('PACK\0\0\0\x02', 'latin1');

/** The objects of the checkpoints' packs, which may lean on those of a repository on GitHub. */
function unpack(contents: readonly Buffer[], repository: string): string {
  const unpacked = join(folder, 'unpacked.git');
  const alternates = join(unpacked, 'objects/info/alternates');
  execFileSync('git', ['init', '--quiet', '--bare', unpacked]);
  writeFileSync(alternates, `${join(repository, 'objects')}\n`);
  for (const bytes of contents) {
    const start = bytes.indexOf(PACK);
    const input = bytes.subarray(start);
    if (start >= 0) execFileSync('git', ['-C', unpacked, 'unpack-objects', '-q'], { input });
  }
  rmSync(alternates);
  return objectsOf(unpacked);
}

function objectsOf(repository: string): string {
  const all = ['cat-file', '--batch', '--batch-all-objects', '--unordered'];
  return execFileSync('git', ['-C', repository, ...all]).toString('latin1');
}

function filesIn(place: string): readonly string[] {
  return readdirSync(place, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => readFileSync(join(entry.parentPath, entry.name), 'latin1'));
}

/** Of the token. */
const shapes = (): readonly string[] => credentialShapes('x-access-token', github.token);

/** Where the token is, in whichever shape. */
function leaks({ texts, searches }: Seen): readonly string[] {
  const places = Object.entries(texts).flatMap(([place, said]) =>
    said.some((text) => shapes().some((shape) => text.includes(shape))) ? [place] : [],
  );
  return [...places, ...(searches.some(({ found }) => found.length > 0) ? ['machine'] : [])];
}

/** A long look is kept on its machine, and leaves its beginning and end in the conversation. */
function expectLooked({ texts }: Seen): void {
  expect(texts.disks.some((text) => text.includes('extraheader='))).toBe(true);
}

/** A folder with a bubblewrap that shuts nothing in. */
function withoutSandbox(): readonly string[] {
  const programs = join(folder, 'programs');
  mkdirSync(programs);
  writeFileSync(join(programs, 'bwrap'), '#!/bin/sh\nexit 1\n', { mode: 0o755 });
  return [programs];
}

const EVERYWHERE = ['shell', 'store', 'checkpoints', 'disks', 'thread', 'commits', 'GitHub'];

describe('the token that the agent pushes with', () => {
  sandboxed(`is nowhere to be found by its shell, nor afterwards (${reason})`, async () => {
    const seen = await fixAndLook();
    expectLooked(seen);
    expect(seen.texts.checkpoints).not.toEqual(['']);
    expect(leaks(seen)).toEqual([]);
  });

  it('as a control: without a sandbox, as the same user, it is found, and goes wherever it is taken', async () => {
    expect(leaks(await fixAndLook({ programs: withoutSandbox() }))).toEqual(EVERYWHERE);
  });
});

const noUsers = whyNoUsers();
const withUsers = noUsers === undefined ? it : it.skip;
const skipped = noUsers === undefined ? '' : ` (skipped: ${noUsers})`;

describe('the token, on a machine where daemon and shell are users of their own', () => {
  // Not of the daemon's folder alone: the way there as well is theirs.
  beforeEach(() => chmodSync(folder, 0o755));

  async function expectNowhere(programs: readonly string[]): Promise<void> {
    const seen = await fixAndLook({ programs, users: { daemon: DAEMON, shell: SHELL } });
    expectLooked(seen);
    expect(seen.texts.checkpoints).not.toEqual(['']);
    for (const { looked } of seen.searches) {
      expect(Object.entries(looked).filter(([, count]) => count === 0)).toEqual([]);
    }
    expect(leaks(seen)).toEqual([]);
  }

  withUsers(`is nowhere to be found by the shell's user, even without a sandbox${skipped}`, () =>
    expectNowhere(withoutSandbox()),
  );

  withUsers(`is nowhere to be found, nor does the job fail, in the sandbox of that user${skipped}`, () =>
    expectNowhere([]),
  );

  withUsers(`as a control: as one user it is found, and goes wherever it is taken${skipped}`, async () => {
    const seen = await fixAndLook({ programs: withoutSandbox(), users: { daemon: SHELL, shell: SHELL } });
    expect(leaks(seen)).toEqual([...EVERYWHERE, 'machine']);
    expect(seen.searches.flatMap(({ found }) => found)).toContainEqual(
      expect.stringMatching(/^\/proc\/\d+\/environ$/),
    );
  });
});
