import { mkdir, readdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Readable } from 'node:stream';
import type { Git, GitEnd } from '../git';
import { nameByName, namesIn } from '../git';
import type { Place } from '../working-copies';

export interface ShadowCall {
  readonly signal: AbortSignal;
  readonly index?: 'own' | 'git-files' | 'working-copy';
  readonly input?: string | Readable;
  readonly timeoutMs?: number;
  readonly maxBytes?: number;
  readonly env?: Readonly<Record<string, string>>;
}

const INDEX_FILES = { own: 'index', 'git-files': 'git-files.index', 'working-copy': 'working-copy.index' };

/** No file passes a filter, whatever the repository's attributes say: these go before all others. */
const ATTRIBUTES = '* -text -ident !filter !eol !crlf !working-tree-encoding\n';

/** Nothing is run, everything git could put into an index is put there, and bytes are hashed as they are. */
function settings(objectFormat: string): string {
  return `[core]
	repositoryFormatVersion = 1
	bare = false
	fileMode = true
	symlinks = true
	ignoreCase = false
	precomposeUnicode = false
	protectHFS = false
	protectNTFS = false
	autocrlf = false
	fsmonitor = false
	fsync = none
	hooksPath = /dev/null
	attributesFile = /dev/null
	excludesFile = /dev/null
[extensions]
	objectFormat = ${objectFormat}
[protocol]
	version = 2
[gc]
	auto = 0
[maintenance]
	auto = false
`;
}

/**
 * A git directory of our own beside a working copy's. It reads the working copy's objects, and keeps its own index,
 * whose stat data tells changed files without reading the others. The repository's settings, attributes and hooks do
 * not reach it, so git run in it runs nothing else. It is a cache: lost, the next snapshot only takes longer.
 */
export class Shadow {
  constructor(
    readonly folder: string,
    readonly place: Place,
    readonly git: Git,
    readonly objectFormat: string,
  ) {}

  /** Makes what is missing of it, and removes locks that a run which was killed left behind. */
  async open(signal: AbortSignal): Promise<this> {
    await mkdir(this.folder, { recursive: true, mode: 0o700 });
    const names = await readdir(this.folder);
    if (!names.includes('HEAD')) {
      const init = [
        'init',
        '--quiet',
        '--bare',
        '--template=',
        `--object-format=${this.objectFormat}`,
        this.folder,
      ];
      await this.git.run(init, { cwd: this.folder, signal });
    }
    await mkdir(join(this.folder, 'info'), { recursive: true });
    await mkdir(join(this.folder, 'objects/info'), { recursive: true });
    await writeFile(join(this.folder, 'config'), settings(this.objectFormat));
    await writeFile(join(this.folder, 'info/attributes'), ATTRIBUTES);
    await writeFile(join(this.folder, 'objects/info/alternates'), `${this.place.gitDirectory}/objects\n`);
    for (const name of names) if (name.endsWith('.lock')) await rm(join(this.folder, name));
    return this;
  }

  file(name: string): string {
    return join(this.folder, name);
  }

  indexFile(index: keyof typeof INDEX_FILES): string {
    return this.file(INDEX_FILES[index]);
  }

  run(args: readonly string[], call: ShadowCall): Promise<Buffer> {
    return this.git.run(args, this.#gitCall(call));
  }

  attempt(args: readonly string[], call: ShadowCall): Promise<GitEnd> {
    return this.git.attempt(args, this.#gitCall(call));
  }

  async word(args: readonly string[], call: ShadowCall): Promise<string> {
    return (await this.run(args, call)).toString('latin1').trim();
  }

  /** Names of a list that may be long. */
  eachName(args: readonly string[], call: ShadowCall, take: (name: string) => void): Promise<void> {
    return this.git.stream(args, this.#gitCall(call), nameByName(take));
  }

  stream(args: readonly string[], call: ShadowCall, take: (piece: Buffer) => void): Promise<void> {
    return this.git.stream(args, this.#gitCall(call), take);
  }

  async names(args: readonly string[], call: ShadowCall): Promise<string[]> {
    return namesIn(await this.run(args, call));
  }

  /** Those of `oids` whose objects are here, once each. */
  async present(oids: Iterable<string>, signal: AbortSignal): Promise<string[]> {
    const asked = [...new Set(oids)];
    if (asked.length === 0) return [];
    const input = `${asked.join('\n')}\n`;
    const output = await this.run(['cat-file', '--batch-check=%(objectname)', '--buffer'], { signal, input });
    return output
      .toString('latin1')
      .split('\n')
      .filter((line) => /^[0-9a-f]+$/.test(line));
  }

  #gitCall({ index = 'own', env, ...call }: ShadowCall) {
    return {
      ...call,
      cwd: this.place.worktree,
      env: {
        GIT_DIR: this.folder,
        GIT_WORK_TREE: this.place.worktree,
        GIT_INDEX_FILE: this.indexFile(index),
        // The shadow has no promisor, so nothing is fetched behind our back; this says it twice.
        GIT_NO_LAZY_FETCH: '1',
        ...env,
      },
    };
  }
}
