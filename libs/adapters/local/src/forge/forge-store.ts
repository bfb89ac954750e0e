import { mkdir, mkdtemp, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { Fault } from '@swe/domain';
import type { Clock, Repository } from '@swe/domain';
import { z } from 'zod';
import { exists } from '../file-system';
import { SqliteDatabase } from '../sqlite-database';
import type { SqliteMigrations } from '../sqlite-database';
import { Git } from './git';

/** As on GitHub, issues and pull requests of a repository share their numbers. */
const MIGRATIONS: SqliteMigrations = [
  `
    CREATE TABLE repository (
      name TEXT PRIMARY KEY COLLATE NOCASE,
      source TEXT UNIQUE,
      default_branch TEXT NOT NULL,
      last_number INTEGER NOT NULL DEFAULT 0
    ) STRICT;

    CREATE TABLE issue (
      repository TEXT NOT NULL REFERENCES repository,
      number INTEGER NOT NULL,
      title TEXT NOT NULL,
      body TEXT NOT NULL,
      author TEXT NOT NULL,
      state TEXT NOT NULL,
      labels TEXT NOT NULL,
      PRIMARY KEY (repository, number)
    ) STRICT;

    CREATE TABLE pull_request (
      repository TEXT NOT NULL REFERENCES repository,
      number INTEGER NOT NULL,
      head_branch TEXT NOT NULL,
      base_branch TEXT NOT NULL,
      head_sha TEXT NOT NULL,
      title TEXT NOT NULL,
      body TEXT NOT NULL,
      closes TEXT NOT NULL,
      state TEXT NOT NULL,
      PRIMARY KEY (repository, number)
    ) STRICT;
    CREATE UNIQUE INDEX pull_request_open ON pull_request (repository, head_branch) WHERE state = 'open';

    CREATE TABLE comment (
      id INTEGER PRIMARY KEY AUTOINCREMENT,
      repository TEXT NOT NULL REFERENCES repository,
      number INTEGER NOT NULL,
      effect_key TEXT NOT NULL,
      author TEXT NOT NULL,
      body TEXT NOT NULL,
      created_at_ms INTEGER NOT NULL
    ) STRICT;
    CREATE INDEX comment_by_issue ON comment (repository, number, id);

    CREATE TABLE check_state (
      repository TEXT NOT NULL REFERENCES repository,
      sha TEXT NOT NULL,
      name TEXT NOT NULL,
      state TEXT NOT NULL,
      summary TEXT NOT NULL,
      PRIMARY KEY (repository, sha, name)
    ) STRICT;
  `,
  'ALTER TABLE pull_request ADD COLUMN is_draft INTEGER NOT NULL DEFAULT 0;',
  // What it changed is not to be told from the branches any more once it is merged.
  'ALTER TABLE pull_request ADD COLUMN merged_onto_sha TEXT;',
];

const repositoryRow = z.object({ name: z.string(), default_branch: z.string() });
const numberRow = z.object({ last_number: z.int().positive() });
const REPOSITORY_URL = /^forge:\/\/([A-Za-z0-9._-]+)$/;

export interface ForgeStoreOptions {
  readonly folder: string;
  readonly env: Readonly<Record<string, string>>;
  readonly clock: Clock;
}

/** The forge's repositories: their rows, their folders, their numbers. Everything of the forge builds on it. */
export class ForgeStore {
  readonly database: SqliteDatabase;
  readonly git: Git;
  readonly clock: Clock;
  readonly #folder: string;

  constructor({ folder, env, clock }: ForgeStoreOptions) {
    this.database = new SqliteDatabase(join(folder, 'forge.sqlite'), MIGRATIONS);
    this.git = new Git(folder, env);
    this.clock = clock;
    this.#folder = join(folder, 'repositories');
  }

  /** Throws `missing` for a URL that is none of this forge's. */
  repository(url: string): Repository {
    const name = REPOSITORY_URL.exec(url)?.[1];
    const sql = 'SELECT name, default_branch FROM repository WHERE name = ?';
    const row = name === undefined ? undefined : this.database.get(repositoryRow, sql, name);
    if (row === undefined) throw new Fault('missing', `the forge has no repository ${url}`);
    const { name: known, default_branch: defaultBranch } = row;
    const cloneUrl = this.path(known);
    return { url: `forge://${known}`, name: known, defaultBranch, cloneUrl, access: 'write' };
  }

  path(name: string): string {
    return join(this.#folder, `${name}.git`);
  }

  /** Makes the bare repository unless it is there; any number of processes may ask for the same one at once. */
  async makeBare(name: string, defaultBranch: string): Promise<void> {
    const path = this.path(name);
    if (await exists(path)) return;
    await mkdir(this.#folder, { recursive: true });
    const draft = await mkdtemp(join(this.#folder, '.new-'));
    const init = ['init', '--quiet', '--bare', '--template=', `--initial-branch=${defaultBranch}`];
    try {
      await this.git.run(...init, draft);
      await rename(draft, path);
    } catch (error) {
      await rm(draft, { recursive: true });
      if (!(await exists(path))) throw error;
    }
  }

  /** The next number of an issue or pull request. Call it inside a write. */
  nextNumber(name: string): number {
    const sql = 'UPDATE repository SET last_number = last_number + 1 WHERE name = ? RETURNING last_number';
    const row = this.database.get(numberRow, sql, name);
    if (row === undefined) throw new Fault('missing', `the forge has no repository ${name}`);
    return row.last_number;
  }
}
