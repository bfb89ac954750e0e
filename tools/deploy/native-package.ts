import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, renameSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { repositoryRoot } from '../ensure-installed.mjs';

interface Locked {
  readonly version: string;
  readonly integrity: string;
}

/**
 * The folder of a package that the lock file has for another platform, or for this one: as installed, or else fetched
 * from the registry, checked against the lock file, and kept in `.cache`.
 */
export function nativePackage(name: string, root = repositoryRoot): string {
  const { version, integrity } = lockedPackage(name, root);
  const installed = join(root, 'node_modules', name);
  if (existsSync(installed) && manifestOf(installed).version === version) return installed;
  const kept = join(root, '.cache/packages', `${name.replaceAll('/', '-')}-${version}`);
  if (!existsSync(kept)) fetchInto(kept, `${name}@${version}`, integrity);
  return join(kept, 'package');
}

function lockedPackage(name: string, root: string): Locked {
  const lock = JSON.parse(readFileSync(join(root, 'package-lock.json'), 'utf8')) as {
    packages: Readonly<Record<string, Locked>>;
  };
  const locked = lock.packages[`node_modules/${name}`];
  if (locked === undefined) throw new Error(`${name} is not in the lock file`);
  return locked;
}

function manifestOf(folder: string): { readonly version: string } {
  return JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'));
}

function fetchInto(kept: string, wanted: string, integrity: string): void {
  const parent = join(kept, '..');
  mkdirSync(parent, { recursive: true });
  const folder = mkdtempSync(`${kept}.unfinished-`);
  try {
    const packing = ['pack', wanted, '--ignore-scripts', '--silent', '--prefer-offline'];
    const tarball = join(folder, execFileSync('npm', packing, { cwd: folder, encoding: 'utf8' }).trim());
    const found = `sha512-${createHash('sha512').update(readFileSync(tarball)).digest('base64')}`;
    if (found !== integrity) throw new Error(`${wanted} is not what the lock file says`);
    execFileSync('tar', ['-xzf', tarball, '-C', folder]);
    rmSync(tarball);
    renameSync(folder, kept);
  } catch (error) {
    rmSync(folder, { recursive: true, force: true });
    throw error;
  }
}
