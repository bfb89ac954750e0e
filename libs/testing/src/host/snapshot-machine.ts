import { execFileSync } from 'node:child_process';
import { lstatSync, mkdirSync, readdirSync, readFileSync, readlinkSync, rmSync, symlinkSync } from 'node:fs';
import { writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { Snapshots } from '@swe/domain';

function git(path: string, cwd: string, ...args: string[]): void {
  const identity = ['-c', 'user.name=a', '-c', 'user.email=a@b'];
  const env = { PATH: path, HOME: cwd, GIT_CONFIG_NOSYSTEM: '1' };
  execFileSync('git', [...identity, ...args], { cwd, env, stdio: 'pipe' });
}

/** What the contract asks of a machine whose workspace is `root`. `path` is where git is looked for. */
export function snapshotMachine(snapshots: Snapshots, root: string, path: string) {
  const at = (name: string): string => join(root, name);
  const remove = (name: string): void => rmSync(at(name), { force: true });
  return {
    snapshots,
    async makeWorkingCopy(directory: string) {
      mkdirSync(at(directory), { recursive: true });
      git(path, at(directory), 'init', '-q', '-b', 'main');
      git(path, at(directory), 'commit', '-q', '--allow-empty', '-m', 'one');
    },
    async write(name: string, content: string, { executable } = { executable: false }) {
      mkdirSync(dirname(at(name)), { recursive: true });
      remove(name);
      writeFileSync(at(name), content, { mode: executable ? 0o755 : 0o644 });
    },
    async link(name: string, target: string) {
      remove(name);
      symlinkSync(target, at(name));
    },
    remove: async (name: string) => remove(name),
    files: async (directory: string) => filesIn(at(directory)),
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
