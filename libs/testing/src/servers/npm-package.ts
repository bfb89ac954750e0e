import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';

/** A package of the npm registry, which is fetched and not installed. */
export interface NpmPackage {
  /** Such as `ws@8.23.0`. */
  readonly name: string;
  /** As the lock file of npm writes it. */
  readonly integrity: string;
  /** What of it is wanted. */
  readonly paths: readonly string[];
}

/** Puts what is wanted of a package into `folder`, below `package/`. */
export function unpackNpmPackage(folder: string, { name, integrity, paths }: NpmPackage): void {
  const packing = ['pack', name, '--ignore-scripts', '--silent', '--prefer-offline'];
  const tarball = join(folder, execFileSync('npm', packing, { cwd: folder, encoding: 'utf8' }).trim());
  const found = `sha512-${createHash('sha512').update(readFileSync(tarball)).digest('base64')}`;
  if (found !== integrity) throw new Error(`${tarball} is not what was expected, but ${found}`);
  execFileSync('tar', ['-xzf', tarball, '-C', folder, ...paths.map((path) => `package/${path}`)]);
  rmSync(tarball);
}
