import { createHash } from 'node:crypto';
import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join, relative } from 'node:path';
import { repositoryRoot } from '../ensure-installed.mjs';
import { nativePackage } from './native-package';
import { packTar } from './tar-archive';
import type { TarEntry } from './tar-archive';

export type Architecture = 'arm64' | 'x86_64';

export interface AgentArchive {
  /** Where it lies in the bucket: by its content's hash, which a machine checks. */
  readonly key: string;
  readonly bytes: Buffer;
}

/** What npm calls these processors. */
const CPUS = { arm64: 'arm64', x86_64: 'x64' } as const;

/** What bundles can't hold, as the apps look for it beside themselves. */
const NATIVE = ['@img/sharp-linux', '@img/sharp-libvips-linux', '@vscode/ripgrep-linux'];

/**
 * Everything that a machine needs to serve a session, below one folder: Node, the daemon and the shell host as they were
 * built, native packages, and the units and scripts that start them.
 */
export function agentArchive(architecture: Architecture, root = repositoryRoot): AgentArchive {
  const cpu = CPUS[architecture];
  const bytes = packTar([
    ...bundle(join(root, 'dist/apps/agent'), ''),
    ...bundle(join(root, 'dist/apps/shell-host'), 'shell-host/'),
    ...filesOf(join(root, 'infra/worker')).filter(({ path }) => path !== 'boot'),
    ...NATIVE.flatMap((name) => nativeFiles(`${name}-${cpu}`, root)),
    file(join(nativePackage(`node-linux-${cpu}`, root), 'bin/node'), 'node'),
  ]);
  const hash = createHash('sha256').update(bytes).digest('hex');
  return { key: `agent/${hash}.tar.gz`, bytes };
}

/** The entry and what it imports: builds before this one may have left other chunks. */
function bundle(folder: string, below: string): readonly TarEntry[] {
  const found = new Map<string, TarEntry>();
  const left = ['index.mjs'];
  for (let name = left.pop(); name !== undefined; name = left.pop()) {
    if (found.has(name)) continue;
    const entry = file(join(folder, name), `${below}${name}`);
    found.set(name, entry);
    for (const [, imported = ''] of entry.bytes.toString().matchAll(/["']\.\/([\w.-]+\.mjs)["']/g)) {
      left.push(imported);
    }
  }
  return [...found.values()];
}

function nativeFiles(name: string, root: string): readonly TarEntry[] {
  return filesOf(nativePackage(name, root), `node_modules/${name}/`);
}

function filesOf(folder: string, below = ''): readonly TarEntry[] {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((each) => each.isFile())
    .map(({ parentPath, name }) => {
      const path = join(parentPath, name);
      return file(path, `${below}${relative(folder, path)}`);
    });
}

function file(path: string, name: string): TarEntry {
  return { path: name, bytes: readFileSync(path), isExecutable: (statSync(path).mode & 0o100) !== 0 };
}
