import { mkdir, rename, utimes, writeFile } from 'node:fs/promises';
import { dirname, resolve } from 'node:path';
import { build } from 'esbuild';

const [root, entry = 'src/main.ts'] = process.argv.slice(2);
if (root === undefined) throw new Error('usage: bundle.mjs <project root> [entry]');
const startedAt = new Date();

const result = await build({
  entryPoints: [{ in: resolve(root, entry), out: 'index' }],
  outdir: resolve('dist', root),
  write: false,
  bundle: true,
  platform: 'node',
  target: 'node24',
  format: 'esm',
  // What is imported dynamically is read when it is asked for, so that a vendor's SDK costs nobody else's start.
  splitting: true,
  // Lambda finds no package.json with "type": "module" beside the file.
  outExtension: { '.js': '.mjs' },
  tsconfig: resolve(root, 'tsconfig.json'),
  mainFields: ['module', 'main'],
  conditions: ['node', 'import'],
  minifySyntax: true,
  minifyWhitespace: true,
  keepNames: true,
  sourcemap: 'linked',
  sourcesContent: false,
  legalComments: 'none',
  charset: 'utf8',
  logLevel: 'warning',
  // CommonJS packages inside an ES module bundle still call require().
  banner: {
    js: "import{createRequire as __createRequire}from'node:module';const require=__createRequire(import.meta.url);",
  },
}).catch(() => undefined); // esbuild has printed what is wrong
if (result === undefined) process.exit(1);

// Written beside and renamed, the entry last, so that a process starting meanwhile sees the old bundle or the new one.
// Chunks of builds before stay: a process that still runs may come to ask for one. Dated by the start of the build: a
// source saved during it is newer than the bundle.
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
