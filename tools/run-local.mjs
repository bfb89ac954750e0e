#!/usr/bin/env node
import { spawnSync } from 'node:child_process';
import { readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { ensureInstalled, findNode, pathWithoutBin, repositoryRoot } from './ensure-installed.mjs';
import { nodeEnvironment, nodeFlags } from './node-options.mjs';
import { exitWith, runChild } from './run-child.mjs';

const app = 'apps/local';
const bundle = join(repositoryRoot, 'dist', app, 'index.mjs');
const sources = ['apps/local', 'libs', 'tools/bundle.mjs', 'tsconfig.base.json', 'package-lock.json'];

await exitWith(() => {
  ensureInstalled();
  const node = findNode();
  if (isBundleStale()) buildBundle(node);
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

function isBundleStale() {
  const builtAtMs = statSync(bundle, { throwIfNoEntry: false })?.mtimeMs ?? 0;
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

/** @param {string} node */
function buildBundle(node) {
  console.error('Building swe...');
  const { status } = spawnSync(node, ['tools/bundle.mjs', app], {
    cwd: repositoryRoot,
    stdio: ['ignore', 2, 2],
  });
  if (status !== 0) throw new Error(`The build of ${app} failed`);
}

/** The folder in which the person typed the command: npm moves to the root of the package before it runs a script. */
function typedIn() {
  const { INIT_CWD: typed, npm_lifecycle_event: script } = process.env;
  return script !== undefined && typed !== undefined && process.cwd() === repositoryRoot
    ? typed
    : process.cwd();
}
