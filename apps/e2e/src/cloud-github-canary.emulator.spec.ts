import { execFileSync, spawnSync } from 'node:child_process';
import {
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
import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { credentialShapes, lastResults } from '@swe/testing/servers';
import { openCloud } from './cloud/cloud';
import type { Cloud } from './cloud/cloud';
import { clone, commit, firstPullRequest, fixFare, openGithub, openPullRequest } from './cloud/github';
import type { GithubOfCloud } from './cloud/github';
import { bash, played } from './scripted-model';
import type { Conversation } from './scripted-model';

jest.setTimeout(120_000);

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

/** Has an issue fixed by a shell that looks around meanwhile, and gives what is to be seen afterwards, by where it is. */
async function fixAndLook(
  ...programs: readonly string[]
): Promise<Readonly<Record<Place, readonly string[]>>> {
  const { server, library } = github;
  const issue = server.activity.issues.create(library, 'ada', { title: 'The fare is wrong' });
  const path = [...programs, dirname(process.execPath), process.env['PATH'] ?? ''].join(delimiter);
  const shell: string[] = [];
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
    // A checkpoint leaves out what holds a credential as it is.
    heard(yield { calls: [bash(`(${GRAB}) | base64 --wrap=0 > fares/seen-again; ${LOOK}`)] });
    yield { say: `The fare is right. ${grabbed}` };
  });
  const of = await openCloud({ folder, path, model, github });
  cloud = of;
  const sessionId = await of.say(`${server.serverUrl}/acme/fares/issues/${issue.number}`);
  await of.outcomes(sessionId);
  await of.until('the answer', async () => of.said().find(({ text }) => text.includes('The fare is right.')));
  await firstPullRequest(of, library);
  const contents = await of.contents();
  return {
    shell,
    store: contents.map((bytes) => bytes.toString('latin1')),
    checkpoints: [unpack(contents, library.git.path)],
    disks: filesIn(join(folder, 'instances')),
    logs: [of.instances.log, of.manager.log(), of.ingress.log()],
    thread: [JSON.stringify(of.slack.world.posts)],
    commits: [objectsOf(library.git.path)],
    GitHub: [JSON.stringify([...library.issues.values()])],
  };
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

/** Where the token is, in whichever shape. */
function leaks(seen: Readonly<Record<Place, readonly string[]>>): readonly string[] {
  const shapes = credentialShapes('x-access-token', github.token);
  return Object.entries(seen).flatMap(([place, texts]) =>
    texts.some((text) => shapes.some((shape) => text.includes(shape))) ? [place] : [],
  );
}

describe('the token that the agent pushes with', () => {
  sandboxed(`is nowhere to be found by its shell, nor afterwards (${reason})`, async () => {
    const seen = await fixAndLook();
    expect(seen.shell.join()).toContain('extraheader=');
    expect(seen.checkpoints).not.toEqual(['']);
    expect(leaks(seen)).toEqual([]);
  });

  it('as a control: without a sandbox, as the same user, it is found, and goes wherever it is taken', async () => {
    const programs = join(folder, 'programs');
    mkdirSync(programs);
    writeFileSync(join(programs, 'bwrap'), '#!/bin/sh\nexit 1\n', { mode: 0o755 });
    const seen = await fixAndLook(programs);
    expect(leaks(seen)).toEqual([
      ...['shell', 'store', 'checkpoints', 'disks', 'thread', 'commits', 'GitHub'],
    ]);
  });
});
