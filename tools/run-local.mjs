#!/usr/bin/env node
import { spawnSync } from 'node:child_process';
import { readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { ensureInstalled, findNode, pathWithoutBin, repositoryRoot } from './ensure-installed.mjs';
import { nodeEnvironment, nodeFlags } from './node-options.mjs';
import { exitWith, runChild } from './run-child.mjs';

/** What is built of what, and by which program. */
const swe = {
  name: 'swe',
  result: 'dist/apps/local/index.mjs',
  sources: [
    'apps/local',
    'libs',
    'tools/bundle.mjs',
    'tools/bundle-options.mjs',
    'tsconfig.base.json',
    'package-lock.json',
  ],
  build: ['tools/bundle.mjs', 'apps/local'],
};
const page = {
  name: 'the page',
  result: 'dist/apps/console/index.html',
  sources: ['apps/console', 'package-lock.json'],
  build: ['node_modules/vite/bin/vite.js', 'build', 'apps/console', '--logLevel', 'warn'],
};

await exitWith(() => {
  ensureInstalled();
  const node = findNode();
  const needed = process.argv[2] === 'up' ? [swe, page] : [swe];
  for (const each of needed.filter(isStale)) build(node, each);
  const bundle = join(repositoryRoot, swe.result);
  return runChild(node, [...nodeFlags, bundle, ...process.argv.slice(2)], {
    cwd: typedIn(),
    // The agent's shell gets this path: a repository must not be tested with our node, jest or tsc.
    env: {
      ...process.env,
      ...nodeEnvironment(join(repositoryRoot, '.cache', 'compiled')),
      PATH: pathWithoutBin(),
    },
  });
});

/** @param {typeof swe} of */
function isStale({ result, sources }) {
  const builtAtMs = statSync(join(repositoryRoot, result), { throwIfNoEntry: false })?.mtimeMs ?? 0;
  return sources.some((source) => isNewer(join(repositoryRoot, source), builtAtMs));
}

/**
 * Folders count as well: their time changes when a file in them goes.
 *
 * @param {string} path
 * @param {number} thanMs
 * @returns {boolean}
 */
function isNewer(path, thanMs) {
  const stats = statSync(path);
  if (stats.mtimeMs > thanMs) return true;
  return stats.isDirectory() && readdirSync(path).some((name) => isNewer(join(path, name), thanMs));
}

/**
 * @param {string} node
 * @param {typeof swe} of
 */
function build(node, { name, build: command }) {
  console.error(`Building ${name}...`);
  const { status } = spawnSync(node, command, {
    cwd: repositoryRoot,
    stdio: ['ignore', 2, 2],
  });
  if (status !== 0) throw new Error(`The build of ${name} failed`);
}

/** The folder in which the person typed the command: npm moves to the root of the package before it runs a script. */
function typedIn() {
  const { INIT_CWD: typed, npm_lifecycle_event: script } = process.env;
  return script !== undefined && typed !== undefined && process.cwd() === repositoryRoot
    ? typed
    : process.cwd();
}
