import { execFileSync, spawn } from 'node:child_process';
import {
  appendFileSync,
  chmodSync,
  mkdirSync,
  readdirSync,
  rmSync,
  truncateSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import type { Machine } from './swe';

const FILES = 200_000;
export const BIG_BYTES = 2 * 1024 ** 3;

/** A folder into which everything that must not run would put a file of its name. */
export function openCanary({ folder }: Machine) {
  const place = join(folder, 'canary');
  mkdirSync(place);
  return {
    /** A shell command that leaves a trace. */
    command: (name: string): string => `touch ${place}/${name}`,
    /** What has run so far. */
    traces: (): readonly string[] => readdirSync(place),
  };
}

export type Canary = ReturnType<typeof openCanary>;

const HOOKS = [
  'applypatch-msg',
  'post-checkout',
  'post-commit',
  'post-index-change',
  'post-merge',
  'post-rewrite',
  'post-update',
  'pre-auto-gc',
  'pre-commit',
  'pre-push',
  'pre-receive',
  'push-to-checkout',
  'reference-transaction',
  'update',
];

/**
 * A repository made to hurt whoever touches it: huge, full of names that are no names, with links out of it, and with
 * a command wherever git takes one, in what is committed as well as in its own `.git`.
 */
export async function makeHostileRepository(machine: Machine, canary: Canary) {
  const root = join(machine.folder, 'hostile');
  machine.git(machine.folder, 'init', '--quiet', '--initial-branch=main', root);
  const many = makeFolderOfMany(root, FILES);
  await importCommit(root, [...committed(machine, canary), many]);
  machine.git(root, 'read-tree', 'HEAD');
  // Of the size that is committed, and yet of another time: git compares its content, through the filters.
  writeFileSync(join(root, 'notes.md'), NOTES);
  utimesSync(join(root, 'notes.md'), 1, 1);
  writeFileSync(join(root, 'sparse.bin'), '');
  truncateSync(join(root, 'sparse.bin'), BIG_BYTES);
  arm(root, canary);
  return root;
}

/** What a repository's own folder says to git, and to every hook. */
function arm(root: string, canary: Canary): void {
  const inGit = (name: string): string => join(root, '.git', name);
  for (const folder of ['hooks', 'more-hooks']) {
    mkdirSync(inGit(folder), { recursive: true });
    for (const hook of HOOKS) {
      writeFileSync(inGit(`${folder}/${hook}`), `#!/bin/sh\n${canary.command(`hook-${hook}`)}\n`);
      chmodSync(inGit(`${folder}/${hook}`), 0o755);
    }
  }
  mkdirSync(inGit('info'), { recursive: true });
  writeFileSync(inGit('info/attributes'), '* filter=evil diff=evil merge=evil\n');
  writeFileSync(inGit('evil.config'), evilConfig(canary));
  appendFileSync(inGit('config'), '[include]\n\tpath = evil.config\n');
}

function evilConfig(canary: Canary): string {
  const run = (name: string): string => `"${canary.command(name)}"`;
  return [
    '[core]',
    `fsmonitor = ${run('fsmonitor')}`,
    `sshCommand = ${run('ssh')}`,
    `pager = ${run('pager')}`,
    `editor = ${run('editor')}`,
    `askPass = ${run('askpass')}`,
    `alternateRefsCommand = ${run('alternate-refs')}`,
    'hooksPath = .git/more-hooks',
    '[filter "evil"]',
    `clean = ${run('clean')}`,
    `smudge = ${run('smudge')}`,
    'required = true',
    '[diff]',
    `external = ${run('external-diff')}`,
    '[diff "evil"]',
    `command = ${run('diff')}`,
    `textconv = ${run('textconv')}`,
    '[merge "evil"]',
    `driver = ${run('merge')}`,
    '[uploadpack]',
    `packObjectsHook = ${run('pack-objects')}`,
    '[credential]',
    `helper = "!${canary.command('credential')}"`,
    '[protocol "ext"]',
    'allow = always',
    '[remote "origin"]',
    `url = "ext::sh -c ${canary.command('ext-url').replaceAll(' ', '% ')}"`,
    `uploadpack = ${run('uploadpack')}`,
    '[alias]',
    ...['status', 'fetch', 'upload-pack', 'ls-remote'].map(
      (name) => `${name} = "!${canary.command(`alias-${name}`)}"`,
    ),
    '',
  ].join('\n');
}

interface Entry {
  readonly mode?: '100644' | '120000' | '160000' | '040000';
  /** As git quotes it. */
  readonly path: string;
  /** Of a folder or a submodule: its object's name. */
  readonly content: string;
}

const NOTES = 'A needle in a haystack.\n';
export const NEW_LINE_NAME = 'new\nline.txt';
const NO_COMMIT = 'deadbeefdeadbeefdeadbeefdeadbeefdeadbeef';

function* committed(machine: Machine, canary: Canary): Iterable<Entry | BigEntry> {
  yield { path: 'notes.md', content: NOTES };
  yield { path: '.gitattributes', content: '* filter=evil diff=evil merge=evil\n' };
  const submodule = `url = "ext::sh -c ${canary.command('submodule').replaceAll(' ', '% ')}"`;
  const option = `url = "--upload-pack=${canary.command('submodule-option')}"`;
  yield {
    path: '.gitmodules',
    content: [
      `[submodule "a"]\npath = module-a\n${submodule}`,
      `[submodule "b"]\npath = module-b\n${option}\n`,
    ].join('\n'),
  };
  for (const path of ['module-a', 'module-b']) yield { mode: '160000', path, content: NO_COMMIT };

  for (const name of ['-rf', '--upload-pack=x', '$(id)', '`id`', '; id', ' space ', '.git-not']) {
    yield { path: `"${name}"`, content: 'a name\n' };
  }
  yield { path: '"new\\nline.txt"', content: 'below a name of two lines\n' };
  yield { path: '"latin-\\351.txt"', content: 'below a name that is no UTF-8\n' };

  const links = {
    'link-file': '/etc/passwd',
    'link-up': '../..',
    'link-root': '/',
    'link-canary': machine.folder,
    'link-loop': 'link-loop',
    'link-self': '.',
  };
  for (const [path, content] of Object.entries(links)) yield { mode: '120000', path, content };

  // A repository as a folder of files: git would take its configuration for one to obey.
  const worktree = '[core]\nrepositoryformatversion = 0\nbare = false\nworktree = ..\n';
  yield { path: 'buried/HEAD', content: 'ref: refs/heads/main\n' };
  yield { path: 'buried/config', content: `${worktree}fsmonitor = "${canary.command('buried')}"\n` };
  for (const path of ['buried/objects/keep', 'buried/refs/keep']) yield { path, content: '' };

  yield { path: 'big.txt', bytes: BIG_BYTES };
}

/** By `git mktree`: `fast-import` looks through the whole folder for each of its files. */
function makeFolderOfMany(root: string, files: number): Entry {
  const git = (args: readonly string[], input: string): string =>
    execFileSync('git', ['-C', root, ...args], { input, encoding: 'utf8' }).trim();
  const blob = git(['hash-object', '-w', '--stdin'], 'one of many\n');
  const lines = Array.from({ length: files }, (_, n) => `100644 blob ${blob}\tfile-${n}.txt\n`);
  return { mode: '040000', path: 'many', content: git(['mktree'], lines.join('')) };
}

/** A file that is one line of so many bytes. */
interface BigEntry {
  readonly path: string;
  readonly bytes: number;
}

/** One commit on `main` by `git fast-import`: https://git-scm.com/docs/git-fast-import#_input_format */
async function importCommit(root: string, entries: Iterable<Entry | BigEntry>): Promise<void> {
  const git = spawn('git', ['-C', root, 'fast-import', '--quiet'], { stdio: ['pipe', 'inherit', 'inherit'] });
  const ended = new Promise<number | null>((resolve) => git.once('close', resolve));
  await pipeline(Readable.from(importStream(entries)), git.stdin);
  if ((await ended) !== 0) throw new Error('git fast-import failed');
}

function* importStream(entries: Iterable<Entry | BigEntry>): Iterable<string | Buffer> {
  const who = 'Mallory <mallory@example.com> 1700000000 +0000';
  yield `commit refs/heads/main\nauthor ${who}\ncommitter ${who}\ndata 5\nStart\n`;
  for (const entry of entries) {
    if ('bytes' in entry) yield* bigFile(entry);
    else yield inlineFile(entry);
  }
  yield 'done\n';
}

function inlineFile({ mode = '100644', path, content }: Entry): string {
  if (mode === '160000' || mode === '040000') return `M ${mode} ${content} ${path}\n`;
  return `M ${mode} inline ${path}\ndata ${Buffer.byteLength(content)}\n${content}\n`;
}

const PIECE = Buffer.alloc(1024 * 1024, 'hay ');

function* bigFile({ path, bytes }: BigEntry): Iterable<string | Buffer> {
  yield `M 100644 inline ${path}\ndata ${bytes}\n`;
  for (let left = bytes; left > 0; left -= PIECE.length)
    yield PIECE.subarray(0, Math.min(left, PIECE.length));
  yield '\n';
}

/** A partial clone, one of whose trees is missing, to be had by a command of its own. */
export function makeHollowRepository(machine: Machine, canary: Canary): string {
  const root = machine.makeRepository('hollow', { 'src/a.txt': 'a\n' });
  const tree = machine.git(root, 'rev-parse', 'HEAD^{tree}');
  appendFileSync(
    join(root, '.git/config'),
    [
      '[core]\nrepositoryformatversion = 1',
      '[extensions]\npartialClone = origin',
      `[remote "origin"]\nurl = ${machine.folder}/nowhere\npromisor = true\nuploadpack = "${canary.command('lazy-fetch')}"\n`,
    ].join('\n'),
  );
  rmSync(join(root, '.git/objects', tree.slice(0, 2), tree.slice(2)));
  return root;
}

/** Has a person's own git look at it: the proof that the traps are armed. */
export function springTraps(machine: Machine, root: string): void {
  try {
    machine.git(root, 'status', '--porcelain', '--untracked-files=no', '--', 'notes.md', 'src');
  } catch {
    // What it answers is of no interest.
  }
}
