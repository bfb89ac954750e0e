// Runs before anything is installed, on the machine's own Node: built-ins only.
import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { delimiter, dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

export const repositoryRoot = dirname(dirname(fileURLToPath(import.meta.url)));

const neededNodeMajor = 24;

/**
 * True when `node_modules` lacks a package of the lock file or holds another version of it. Compares with the
 * record npm itself leaves behind, so an install made by hand counts. Optional packages may be absent (they are
 * for other platforms), but not outdated.
 *
 * @param {string} root the folder with `package-lock.json`
 */
export function isInstallStale(root) {
  const record = join(root, 'node_modules', '.package-lock.json');
  if (!existsSync(record)) return true;
  const wanted = readPackages(join(root, 'package-lock.json'));
  const installed = readPackages(record);
  return Object.entries(wanted).some(([path, { version, optional }]) => {
    if (path === '') return false;
    const found = installed[path];
    return found === undefined ? !optional : found.version !== version;
  });
}

/**
 * Installs exactly what the lock file says when `node_modules` is missing or older than it. npm's output goes to
 * standard error.
 *
 * @param {string} [root]
 */
export function ensureInstalled(root = repositoryRoot) {
  if (!isInstallStale(root)) return;
  console.error('Installing dependencies (npm ci)...');
  const { status, error } = spawnSync('npm', ['ci', '--no-audit', '--no-fund', '--loglevel=error'], {
    cwd: root,
    stdio: ['ignore', 2, 2],
    // `npm ci` deletes node_modules first, and with it the Node that `npm run` put there.
    env: { ...process.env, PATH: pathWithoutBin(root) },
  });
  if (error) throw new Error(`npm ci did not start: ${error.message}`);
  if (status !== 0) throw new Error(`npm ci failed with exit code ${status}`);
}

/**
 * The path of a Node that is new enough: the one npm installed for this platform, else the one running now.
 *
 * @param {string} [root]
 * @param {{ version: string, execPath: string, platform: string }} [current]
 */
export function findNode(
  root = repositoryRoot,
  current = {
    version: process.versions.node,
    execPath: process.execPath,
    platform: `${process.platform}-${process.arch}`,
  },
) {
  const pinned = join(root, 'node_modules', '.bin', 'node');
  // Asked for its version because a glibc binary can be present and yet not start (musl).
  if (existsSync(pinned) && spawnSync(pinned, ['--version']).status === 0) return pinned;
  if (majorOf(current.version) >= neededNodeMajor) return current.execPath;
  throw new Error(
    `Node ${neededNodeMajor} or newer is needed, and npm has none for ${current.platform}: this is Node ${current.version}, install a newer one from https://nodejs.org`,
  );
}

/**
 * @param {string} path
 * @returns {Record<string, { version?: string, optional?: boolean }>}
 */
function readPackages(path) {
  return JSON.parse(readFileSync(path, 'utf8')).packages;
}

/** @param {string} version */
function majorOf(version) {
  return Number(version.split('.')[0]);
}

/**
 * The path as it was before `npm run` put this repository's own programs in front of it.
 *
 * @param {string} [root]
 */
export function pathWithoutBin(root = repositoryRoot) {
  const bin = join(root, 'node_modules', '.bin');
  return (process.env['PATH'] ?? '')
    .split(delimiter)
    .filter((folder) => folder !== bin)
    .join(delimiter);
}
