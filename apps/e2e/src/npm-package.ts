import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const PACKAGES = fileURLToPath(new URL('../../../.cache/packages', import.meta.url));

export interface NpmPackage {
  readonly name: string;
  readonly version: string;
  /** As the registry gives it, in `dist.integrity`. */
  readonly integrity: string;
}

/** Unpacks what the npm registry has of a package into the folder `to`, made by this. Nothing of it runs. */
export function unpackNpmPackage({ name, version, integrity }: NpmPackage, to: string): void {
  mkdirSync(PACKAGES, { recursive: true });
  const packing = ['pack', `${name}@${version}`, '--ignore-scripts', '--silent', '--prefer-offline'];
  const file = execFileSync('npm', packing, { cwd: PACKAGES, encoding: 'utf8' }).trim();
  const tarball = join(PACKAGES, file);
  const found = `sha512-${createHash('sha512').update(readFileSync(tarball)).digest('base64')}`;
  if (found !== integrity) throw new Error(`${tarball} is not what was expected, but ${found}`);
  mkdirSync(to);
  execFileSync('tar', ['-xzf', tarball, '-C', to, '--strip-components=1']);
}
