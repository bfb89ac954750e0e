import { execFileSync } from 'node:child_process';
import { lstatSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, readlinkSync } from 'node:fs';
import { realpathSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { runContract, snapshotsContract } from '@swe/testing/contracts';
import type { SnapshotMachine } from '@swe/testing/contracts';
import { GitSnapshots } from './git-snapshots';

const CREDENTIAL = 'our-token';
const LIMITS = { maxBytes: 60_000, maxFileBytes: 10_000 };

function git(cwd: string, ...args: string[]): void {
  const identity = ['-c', 'user.name=a', '-c', 'user.email=a@b'];
  const env = { PATH: process.env['PATH'] ?? '', HOME: cwd, GIT_CONFIG_NOSYSTEM: '1' };
  execFileSync('git', [...identity, ...args], { cwd, env, stdio: 'pipe' });
}

function openSnapshots(base: string): GitSnapshots {
  return new GitSnapshots({
    root: join(base, 'root'),
    stateDirectory: join(base, 'state'),
    environment: { PATH: process.env['PATH'] ?? '' },
    holdsCredential: (_path, content) => Buffer.from(content).includes(CREDENTIAL),
    mayFetchFrom: () => false,
    ...LIMITS,
  });
}

function openMachine(base: string): SnapshotMachine {
  const root = join(base, 'root');
  mkdirSync(root, { recursive: true });
  const at = (path: string): string => join(root, path);
  const remove = (path: string): void => rmSync(at(path), { force: true });
  return {
    snapshots: openSnapshots(base),
    async makeWorkingCopy(directory) {
      mkdirSync(at(directory), { recursive: true });
      git(at(directory), 'init', '-q', '-b', 'main');
      git(at(directory), 'commit', '-q', '--allow-empty', '-m', 'one');
    },
    async write(path, content, { executable } = { executable: false }) {
      mkdirSync(dirname(at(path)), { recursive: true });
      remove(path);
      writeFileSync(at(path), content, { mode: executable ? 0o755 : 0o644 });
    },
    async link(path, target) {
      remove(path);
      symlinkSync(target, at(path));
    },
    remove: async (path) => remove(path),
    files: async (directory) => filesIn(at(directory)),
  };
}

function filesIn(folder: string, prefix = ''): Record<string, string> {
  const found: Record<string, string> = {};
  for (const name of readdirSync(folder)) {
    const path = join(folder, name);
    const stats = lstatSync(path);
    const isNested = stats.isDirectory() && readdirSync(path).includes('.git');
    if (name === '.git' || isNested) continue;
    if (stats.isDirectory()) Object.assign(found, filesIn(path, `${prefix}${name}/`));
    else if (stats.isSymbolicLink()) found[prefix + name] = `link to ${readlinkSync(path)}`;
    else found[prefix + name] = `${(stats.mode & 0o100) !== 0} ${readFileSync(path, 'latin1')}`;
  }
  return found;
}

runContract('GitSnapshots', snapshotsContract, () => {
  const base = realpathSync(mkdtempSync(join(tmpdir(), 'swe-snapshots-')));
  return {
    subject: {
      here: openMachine(join(base, 'here')),
      hereAgain: () => openSnapshots(join(base, 'here')),
      there: openMachine(join(base, 'there')),
      credential: CREDENTIAL,
      ...LIMITS,
    },
    close: async () => rmSync(base, { recursive: true, force: true }),
  };
});
