import { mkdir, readdir, rename, rm, stat, utimes, writeFile } from 'node:fs/promises';
import { basename, dirname, join, resolve } from 'node:path';
import { build } from 'esbuild';
import { bundleOptions } from './bundle-options.mjs';

const [root, entry] = process.argv.slice(2);
if (root === undefined) throw new Error('usage: bundle.mjs <project root> [entry]');
const startedAt = new Date();

const result = await build(bundleOptions(root, entry)).catch(() => undefined); // esbuild has printed what is wrong
if (result === undefined) process.exit(1);

// Written beside and renamed, the entry last, so that a process starting meanwhile sees the old bundle or the new one.
// Dated by the start of the build: a source saved during it is newer than the bundle.
const entryFile = resolve('dist', root, 'index.mjs');
const entryLast = result.outputFiles.toSorted(
  (a, b) => Number(a.path === entryFile) - Number(b.path === entryFile),
);
for (const { path, contents } of entryLast) {
  const unfinished = `${path}.${process.pid}`;
  await mkdir(dirname(path), { recursive: true });
  await writeFile(unfinished, contents);
  await utimes(unfinished, startedAt, startedAt);
  await rename(unfinished, path);
}

// Chunks of builds before stay for a while: a process that still runs may come to ask for one.
const KEPT_MS = 24 * 60 * 60 * 1000;
const folder = dirname(entryFile);
const own = new Set(result.outputFiles.map(({ path }) => basename(path)));
for (const name of await readdir(folder)) {
  const path = join(folder, name);
  if (own.has(name) || startedAt.getTime() - (await stat(path)).mtimeMs < KEPT_MS) continue;
  await rm(path, { recursive: true, force: true });
}
