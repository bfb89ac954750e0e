import { basename } from 'node:path';
import { Fault } from '@swe/domain';
import { z } from 'zod';
import type { ForgeStore } from './forge-store';
import { readSource } from './forge-source';
import type { ForgeSource } from './forge-source';

export interface MirroredRepository {
  /** Canonical: `forge://<name>`. */
  readonly repository: string;
  /** The source has changes that are in no commit, and so not in the mirror. */
  readonly dirty: boolean;
}

const FETCH_ATTEMPTS = 5;
const FETCH_PAUSE_MS = 200;
/** Everything but what is below `swe/`, which is the forge's own. */
const REFSPECS = [
  '+refs/heads/*:refs/heads/*',
  '^refs/heads/swe',
  '^refs/heads/swe/*',
  '+refs/tags/*:refs/tags/*',
];

const nameRow = z.object({ name: z.string() });

/**
 * Brings a person's repository (path or URL) into the forge, or up to date there, and makes its current branch, or
 * `branch`, the default. Only reads the source. The same source always gets the same name. Its branches and tags
 * replace all of the forge's, except those below `swe/`: the sessions' branches and earlier detached heads, which
 * may be the base of a pull request. Throws `missing` for a path that does not exist and where there is no git,
 * `denied` for an unreadable path, and `invalid` for a source that git can't read or that has no commit; each says
 * what to do.
 */
export async function mirrorRepository(
  store: ForgeStore,
  from: string,
  { branch }: { readonly branch?: string } = {},
): Promise<MirroredRepository> {
  const source = await readSource(store.git, from, branch);
  const defaultBranch = mirroredBranch(source);
  const name = nameFor(store, source.shown, defaultBranch);
  await store.makeBare(name, defaultBranch);
  await fetchAll(store, name, source, defaultBranch);
  await store.git.run('-C', store.path(name), 'symbolic-ref', 'HEAD', `refs/heads/${defaultBranch}`);
  store.database.run('UPDATE repository SET default_branch = ? WHERE name = ?', defaultBranch, name);
  return { repository: `forge://${name}`, dirty: source.dirty };
}

/** A detached head has no branch, and a session's branch is not mirrored: both get a branch of their own. */
function mirroredBranch({ headBranch, headSha }: ForgeSource): string {
  const isOwn = headBranch !== undefined && !/^swe(\/|$)/.test(headBranch);
  return isOwn ? headBranch : `swe/head-${headSha.slice(0, 12)}`;
}

async function fetchAll(
  store: ForgeStore,
  name: string,
  source: ForgeSource,
  defaultBranch: string,
): Promise<void> {
  const extra = defaultBranch === source.headBranch ? [] : [`+${source.headSha}:refs/heads/${defaultBranch}`];
  // Git prunes before it writes, so a branch `x` that became `x/y` is not in the way of its new name.
  const fetch = ['fetch', '--quiet', '--no-tags', '--prune', '--no-prune-tags', '--no-write-fetch-head'];
  const options = ['--update-shallow', '--no-recurse-submodules', '--no-auto-maintenance'];
  const args = ['-C', store.path(name), ...fetch, ...options, '--', source.address, ...REFSPECS, ...extra];
  // The source was readable a moment ago, so what fails here is most likely another process's lock.
  for (let attempt = 1; ; attempt += 1) {
    const { exitCode, stderr } = await store.git.attempt(...args);
    if (exitCode === 0) return;
    if (attempt === FETCH_ATTEMPTS) {
      throw new Fault('transient', `${source.shown} could not be copied into the forge. Try again.`, {
        cause: stderr.replaceAll(source.address, source.shown),
      });
    }
    await store.clock.sleep(attempt * FETCH_PAUSE_MS);
  }
}

function nameFor({ database }: ForgeStore, source: string, defaultBranch: string): string {
  const wanted = sanitise(basename(source, '.git'));
  return database.write(() => {
    const known = database.get(nameRow, 'SELECT name FROM repository WHERE source = ?', source);
    if (known !== undefined) return known.name;
    for (let suffix = 1; ; suffix += 1) {
      const name = suffix === 1 ? wanted : `${wanted}-${suffix}`;
      const isNew = database.run(
        'INSERT INTO repository (name, source, default_branch) VALUES (?, ?, ?) ON CONFLICT DO NOTHING',
        name,
        source,
        defaultBranch,
      );
      if (isNew === 1) return name;
    }
  });
}

function sanitise(name: string): string {
  return name.replaceAll(/[^A-Za-z0-9._-]+/g, '-').replaceAll(/^[.-]+|[.-]+$/g, '') || 'repository';
}
