import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { execFileSync } from 'node:child_process';
import {
  chmodSync,
  existsSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  realpathSync,
  renameSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import fc from 'fast-check';
import { GitSnapshots } from './git-snapshots';

/** Each takes some fifty git processes. */
const HISTORIES = 15;

const never = new AbortController().signal;
let base: string;
let root: string;
let repo: string;

const identity = [
  'user.name=a',
  'user.email=a@b',
  'protocol.file.allow=always',
  'commit.gpgsign=false',
].flatMap((s) => ['-c', s]);
function git(cwd: string, ...args: string[]): string {
  const env = {
    PATH: process.env['PATH'] ?? '',
    HOME: base,
    GIT_CONFIG_NOSYSTEM: '1',
    GIT_EDITOR: 'true',
    LC_ALL: 'C',
  };
  return execFileSync('git', [...identity, ...args], {
    cwd,
    env,
    encoding: 'latin1',
    stdio: ['ignore', 'pipe', 'pipe'],
  });
}
function tryGit(cwd: string, ...args: string[]): void {
  try {
    git(cwd, ...args);
  } catch {
    // Stopped by a conflict, as wanted.
  }
}

function open(more: Partial<ConstructorParameters<typeof GitSnapshots>[0]> = {}): GitSnapshots {
  return new GitSnapshots({
    root,
    stateDirectory: mkdtempSync(join(base, 'state-')),
    environment: { PATH: process.env['PATH'] ?? '' },
    holdsCredential: (_path, content) => Buffer.from(content).includes('our-token'),
    mayFetchFrom: () => true,
    ...more,
  });
}

/** Everything that has to come back. */
function stateOf(directory: string) {
  const files: Record<string, string> = {};
  const visit = (folder: Buffer): void => {
    for (const name of readdirSync(folder, { encoding: 'buffer' })) {
      if (name.toString() === '.git') continue;
      const path = Buffer.concat([folder, Buffer.from('/'), name]);
      const stats = lstatSync(path);
      if (stats.isDirectory()) visit(path);
      else if (stats.isSymbolicLink()) files[path.toString('latin1')] = `link ${readlinkSync(path)}`;
      else
        files[path.toString('latin1')] =
          `${(stats.mode & 0o100) !== 0} ${readFileSync(path).toString('base64')}`;
    }
  };
  visit(Buffer.from(directory));
  const asked = [
    ['status', '--porcelain=v2', '-z', '--branch'],
    ['stash', 'list'],
    ['for-each-ref'],
    ['ls-files', '-s', '-z'],
  ];
  return { files, told: asked.map((args) => git(directory, ...args)) };
}

/** Takes every working copy, loses the machine, and puts them back. */
async function roundTrip(): Promise<void> {
  const snapshots = open();
  const copies = await snapshots.workingCopies(never);
  const before = copies.map(({ directory }) => stateOf(join(root, directory)));
  const taken = [];
  for (const { directory } of copies) {
    const snapshot = await snapshots.take(directory, undefined, never);
    expect(await snapshots.take(directory, snapshot?.fingerprint, never)).toBeUndefined();
    taken.push({ directory, snapshot: snapshot! });
  }
  for (const name of readdirSync(root)) rmSync(join(root, name), { recursive: true });
  const elsewhere = open();
  for (const { directory, snapshot } of taken) await elsewhere.restore(directory, snapshot, never);
  expect(copies.map(({ directory }) => stateOf(join(root, directory)))).toEqual(before);
  git(repo, 'fsck', '--connectivity-only');
}

beforeEach(() => {
  base = realpathSync(mkdtempSync(join(tmpdir(), 'snapshots-')));
  makeClone();
});
afterEach(() => rmSync(base, { recursive: true, force: true }));

function makeClone(): void {
  root = join(base, 'root');
  mkdirSync(root);
  repo = join(root, 'shop');
  const seed = join(base, 'seed');
  git(base, 'init', '-q', '-b', 'main', seed);
  for (const name of ['a', 'b', 'c', 'd']) writeFileSync(join(seed, name), `${name}\n`.repeat(20));
  writeFileSync(join(seed, '.gitignore'), 'ignored\n');
  git(seed, 'add', '.');
  git(seed, 'commit', '-qm', 'one');
  git(base, 'clone', '-q', '--bare', seed, 'origin.git');
  for (const key of ['uploadpack.allowFilter', 'uploadpack.allowAnySHA1InWant'])
    git(join(base, 'origin.git'), 'config', key, 'true');
  git(root, 'clone', '-q', `file://${base}/origin.git`, 'shop');
}

function commit(message: string, file = 'a', text = message): void {
  writeFileSync(join(repo, file), text);
  git(repo, 'add', file);
  git(repo, 'commit', '-qm', message);
}
function diverge(): void {
  git(repo, 'checkout', '-qb', 'other');
  commit('theirs');
  git(repo, 'checkout', '-q', 'main');
  commit('ours');
}

const cases: Record<string, () => void> = {
  'a fresh clone': () => undefined,
  'edits, modes, links, deletions, odd names': () => {
    writeFileSync(join(repo, 'a'), 'edited');
    chmodSync(join(repo, 'b'), 0o755);
    rmSync(join(repo, 'c'));
    symlinkSync('nowhere', join(repo, 'dangling'));
    for (const name of ['new\nline', 'quo"te\\', 'sp ace', '\xff\xfe'])
      writeFileSync(Buffer.from(`${repo}/${name}`, 'latin1'), name);
    writeFileSync(join(repo, 'big'), Buffer.alloc(5_000_000, 7));
    writeFileSync(join(repo, 'empty'), '');
  },
  'staged differs from HEAD and worktree': () => {
    writeFileSync(join(repo, 'a'), 'staged');
    git(repo, 'add', 'a');
    writeFileSync(join(repo, 'a'), 'then edited');
    git(repo, 'rm', '-q', '--cached', 'b');
  },
  'stashes, a detached HEAD, local commits and branches': () => {
    writeFileSync(join(repo, 'a'), 'stash me');
    git(repo, 'stash', 'push', '-q');
    writeFileSync(join(repo, 'a'), 'stash me too');
    git(repo, 'stash', 'push', '-q');
    commit('local');
    git(repo, 'branch', 'kept');
    git(repo, 'checkout', '-q', '--detach', 'HEAD~1');
  },
  'an unfinished merge': () => {
    diverge();
    tryGit(repo, 'merge', 'other');
  },
  'line endings that git converts': () => {
    git(repo, 'config', 'core.autocrlf', 'true');
    writeFileSync(join(repo, '.gitattributes'), '* text=auto\n');
    writeFileSync(join(repo, 'crlf'), 'x\r\ny\r\n');
    git(repo, 'add', '.');
    writeFileSync(join(repo, 'loose'), 'x\r\ny\n');
  },
  'a shallow clone': () => {
    rmSync(repo, { recursive: true });
    git(root, 'clone', '-q', '--depth=1', `file://${base}/origin.git`, 'shop');
    commit('local');
  },
  'a partial clone': () => {
    rmSync(repo, { recursive: true });
    git(root, 'clone', '-q', '--filter=blob:none', `file://${base}/origin.git`, 'shop');
    commit('local');
    writeFileSync(join(repo, 'b'), 'edited');
  },
  'a submodule': () => {
    git(repo, 'submodule', '--quiet', 'add', `file://${base}/origin.git`, 'sub');
    writeFileSync(join(repo, 'sub/a'), 'edited in the submodule');
  },
  'nested repositories, one without a commit': () => {
    git(repo, 'init', '-q', 'nested');
    writeFileSync(join(repo, 'nested/file'), 'x');
    git(repo, 'clone', '-q', `file://${base}/origin.git`, 'deep/er');
    writeFileSync(join(repo, 'deep/er/new'), 'x');
  },
};

describe('a working copy comes back as it was', () => {
  it.each(Object.entries(cases))('%s', async (_name, arrange) => {
    arrange();
    await roundTrip();
  });

  it('with a stopped rebase that can be continued', async () => {
    diverge();
    tryGit(repo, 'rebase', 'other');
    await roundTrip();
    writeFileSync(join(repo, 'a'), 'resolved');
    git(repo, 'add', 'a');
    git(repo, 'rebase', '--continue');
    expect(git(repo, 'log', '--format=%s').split('\n').slice(0, 2)).toEqual(['ours', 'theirs']);
  });

  it('when a restore of it was cut off before', async () => {
    const snapshot = (await open().take('shop', undefined, never))!;
    const before = stateOf(repo);
    rmSync(repo, { recursive: true });
    const stateDirectory = join(base, 'state');
    const reached = join(base, 'reached');
    const hanging = join(base, 'hanging');
    mkdirSync(hanging);
    const stops = `case " $* " in *" index-pack "*) touch ${reached}; exec sleep 60;; esac`;
    const path = process.env['PATH'] ?? '';
    writeFileSync(join(hanging, 'git'), `#!/bin/sh\n${stops}\nPATH=${path} exec git "$@"\n`, { mode: 0o755 });
    const cut = new AbortController();
    const environment = { PATH: `${hanging}:${path}` };
    const first = open({ stateDirectory, environment }).restore('shop', snapshot, cut.signal);
    while (!existsSync(reached)) await new Promise((resolve) => setTimeout(resolve, 10));

    await open({ stateDirectory }).restore('shop', snapshot, never);
    expect(stateOf(repo)).toEqual(before);
    cut.abort();
    await expect(first).rejects.toMatchObject({ kind: 'cancelled' });
    expect(stateOf(repo)).toEqual(before);
  });

  it('later, when its source does not answer now; and never, when that lacks the base', async () => {
    const snapshot = (await open().take('shop', undefined, never))!;
    const before = stateOf(repo);
    rmSync(repo, { recursive: true });
    const origin = join(base, 'origin.git');
    const elsewhere = join(base, 'elsewhere.git');
    renameSync(origin, elsewhere);
    await expect(open().restore('shop', snapshot, never)).rejects.toMatchObject({ kind: 'transient' });
    git(base, 'init', '-q', '--bare', origin);
    await expect(open().restore('shop', snapshot, never)).rejects.toMatchObject({ kind: 'missing' });
    rmSync(origin, { recursive: true });
    renameSync(elsewhere, origin);
    await open().restore('shop', snapshot, never);
    expect(stateOf(repo)).toEqual(before);
  });

  it('when the source moved on', async () => {
    git(join(base, 'seed'), 'commit', '-q', '--allow-empty', '-m', 'two');
    git(join(base, 'seed'), 'push', '-q', '--force', join(base, 'origin.git'), 'main');
    commit('local');
    await roundTrip();
  });
});

const file = fc.constantFrom('a', 'b', 'c', 'new', 'folder/new');
const at = (name: string): string => join(repo, name);
const remove = (name: string): void => rmSync(at(name), { recursive: true, force: true });
const branch = fc.constantFrom('main', 'other', 'third');

/** What people and agents do to a working copy; what git refuses does nothing. */
const step = fc.oneof(
  { weight: 3, arbitrary: fc.tuple(fc.constant('write'), file, fc.string({ unit: 'binary-ascii' })) },
  fc.tuple(fc.constantFrom('remove', 'link', 'chmod', 'add'), file, fc.constant('')),
  fc.tuple(
    fc.constantFrom('commit', 'stash push', 'stash pop', 'reset --soft HEAD~1'),
    fc.constant(''),
    fc.constant(''),
  ),
  fc.tuple(
    fc.constantFrom('checkout -B', 'checkout', 'merge', 'rebase', 'cherry-pick', 'branch -f'),
    branch,
    fc.constant(''),
  ),
);

function take([what, name, content]: readonly [string, string, string]): void {
  switch (what) {
    case 'write':
      remove(name);
      mkdirSync(dirname(at(name)), { recursive: true });
      return writeFileSync(at(name), content);
    case 'remove':
      return remove(name);
    case 'link':
      remove(name);
      mkdirSync(dirname(at(name)), { recursive: true });
      return symlinkSync('anywhere', at(name));
    case 'chmod':
      return existsSync(at(name)) ? chmodSync(at(name), 0o755) : undefined;
    case 'add':
      return tryGit(repo, 'add', '-A', '--', name);
    case 'commit':
      return tryGit(repo, 'commit', '-qm', 'a commit');
    default:
      return tryGit(repo, ...what.split(' '), ...(name === '' ? [] : [name]));
  }
}

it('after any history a working copy comes back as it was, from the last of its snapshots', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(step, { minLength: 1, maxLength: 12 }), async (steps) => {
      for (const name of readdirSync(base)) rmSync(join(base, name), { recursive: true });
      makeClone();
      const snapshots = open();
      let last = await snapshots.take('shop', undefined, never);
      for (const each of steps) {
        take(each);
        last = (await snapshots.take('shop', last?.fingerprint, never)) ?? last;
      }
      const before = stateOf(repo);
      rmSync(repo, { recursive: true });
      await open().restore('shop', last!, never);
      expect(stateOf(repo)).toEqual(before);
      git(repo, 'fsck', '--connectivity-only');
    }),
    { numRuns: HISTORIES },
  );
});

describe('a snapshot', () => {
  it('runs no filter, hook or monitor of the repository', async () => {
    const ran = join(base, 'ran');
    const trap = join(base, 'trap');
    writeFileSync(trap, `#!/bin/sh\necho "$0" >> ${ran}\ncat\n`, { mode: 0o755 });
    writeFileSync(join(repo, '.gitattributes'), '* filter=trap\n');
    for (const key of [
      'filter.trap.clean',
      'filter.trap.smudge',
      'core.fsmonitor',
      'core.sshCommand',
      'diff.external',
    ])
      git(repo, 'config', key, trap);
    writeFileSync(join(repo, 'a'), 'raw bytes');
    const snapshot = await open().take('shop', undefined, never);
    rmSync(repo, { recursive: true });
    await open().restore('shop', snapshot!, never);
    expect(readFileSync(join(repo, 'a'), 'utf8')).toBe('raw bytes');
    expect(readdirSync(base)).not.toContain('ran');
  });

  it('names what it leaves out, and a file that changes while it is read', async () => {
    writeFileSync(join(repo, 'a'), 'restless');
    writeFileSync(join(repo, '.npmrc'), 'our-token');
    writeFileSync(join(repo, 'huge'), Buffer.alloc(2_000));
    let round = 0;
    const restless = (content: Uint8Array) => {
      if (Buffer.from(content).includes('restless'))
        writeFileSync(join(repo, 'a'), `restless ${(round += 1)}`);
    };
    const snapshot = await open({ maxFileBytes: 1_000, onRead: restless }).take('shop', undefined, never);
    expect(snapshot?.leftOut.filter(({ path }) => !path.startsWith('.git/'))).toEqual([
      { path: '.npmrc', why: 'credential' },
      { path: 'huge', why: 'too-large' },
    ]);
    expect(snapshot?.unsteady).toEqual(['a']);
  });

  it('is refused above its limit, and refuses damage, leaving nothing behind', async () => {
    await expect(open({ maxBytes: 10 }).take('shop', undefined, never)).rejects.toMatchObject({
      kind: 'invalid',
    });
    const snapshot = (await open().take('shop', undefined, never))!;
    await expect(open().restore('shop', snapshot, never)).rejects.toMatchObject({ kind: 'conflict' });
    rmSync(repo, { recursive: true });
    const damaged = {
      ...snapshot,
      bytes: Uint8Array.from(snapshot.bytes, (byte, i) => (i > snapshot.bytes.length - 30 ? byte ^ 1 : byte)),
    };
    await expect(open().restore('shop', damaged, never)).rejects.toMatchObject({ kind: 'invalid' });
    expect(readdirSync(root)).toEqual([]);
  });
});
