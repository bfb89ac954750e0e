import { Fault } from '@swe/domain';
import type { Restored } from '@swe/domain';
import { appendFile, mkdir, writeFile } from 'node:fs/promises';
import { dirname, relative } from 'node:path';
import { Readable } from 'node:stream';
import { isGitFile } from './git-files';
import { isKept, settingOf, toConfigFile } from './repository-settings';
import type { Setting } from './repository-settings';
import type { Shadow } from './shadow';
import type { Manifest } from './snapshot-bytes';

/** Puts a working copy at the shadow's place, where none is. What it wrote when it fails is for the caller to remove. */
export async function restoreSnapshot(
  shadow: Shadow,
  { manifest, pack }: { readonly manifest: Manifest; readonly pack: Buffer },
  source: string | undefined,
  signal: AbortSignal,
): Promise<Restored> {
  const { worktree, gitDirectory } = shadow.place;
  const call = { cwd: worktree, signal, env: { GIT_DIR: gitDirectory } };
  const { git } = shadow;
  await mkdir(gitDirectory, { recursive: true });
  const format = `--object-format=${manifest.objectFormat}`;
  await git.run(['init', '--quiet', '--bare', '--template=', format, gitDirectory], {
    cwd: worktree,
    signal,
  });
  if (dirname(gitDirectory) !== worktree) {
    await writeFile(`${worktree}/.git`, `gitdir: ${relative(worktree, gitDirectory)}\n`);
  }
  const settings = settingsFor(manifest, source, gitDirectory, worktree);
  await writeFile(
    `${gitDirectory}/config`,
    toConfigFile(settings.filter(([name]) => /^(core|remote|extensions)\./.test(name))),
  );
  await fetchBase(shadow, manifest, settings, source, signal);

  const unpacked = await git.attempt(['index-pack', '--stdin', '--fix-thin'], {
    ...call,
    input: Readable.from([pack]),
  });
  // Its checksum is right, so this is the machine's trouble: a full disk.
  if (unpacked.exitCode !== 0)
    throw new Error(`git index-pack ended with ${unpacked.exitCode}: ${unpacked.stderr}`);
  await shadow.open(signal);
  await checkOutGitFiles(shadow, manifest, signal);
  await shadow.run(['read-tree', `${manifest.commit}:worktree`], { signal });
  await fetchMissingFiles(shadow, settings, signal);
  await shadow.run(['checkout-index', '--all', '--force', '-u', '-q'], { signal });
  await appendFile(
    `${gitDirectory}/config`,
    toConfigFile(settings.filter(([name]) => !/^(core|remote|extensions)\./.test(name))),
  );
  return { lost: manifest.lost };
}

function settingsFor(
  manifest: Manifest,
  source: string | undefined,
  gitDirectory: string,
  worktree: string,
): Setting[] {
  const kept = manifest.settings.filter(([name]) => isKept(name));
  return [
    ['core.repositoryformatversion', kept.some(([name]) => name.startsWith('extensions.')) ? '1' : '0'],
    ['core.bare', 'false'],
    ...(dirname(gitDirectory) === worktree
      ? []
      : [['core.worktree', relative(gitDirectory, worktree)] as const]),
    ...kept.map(([name, value]): Setting =>
      source !== undefined && name === 'remote.origin.url' ? [name, source] : [name, value],
    ),
  ];
}

async function fetchBase(
  shadow: Shadow,
  { base }: Manifest,
  settings: readonly Setting[],
  source: string | undefined,
  signal: AbortSignal,
): Promise<void> {
  if (base.length === 0) return;
  if (source === undefined) throw new Fault('missing', 'the snapshot needs its source, which nobody named');
  const { worktree, gitDirectory } = shadow.place;
  const filter = settingOf(settings, 'remote.origin.partialclonefilter');
  const remote = filter === undefined ? [source] : [`--filter=${filter}`, 'origin'];
  const args = ['fetch', '--quiet', '--no-tags', '--no-write-fetch-head', '--refmap=', ...remote, ...base];
  const call = { cwd: worktree, signal, env: { GIT_DIR: gitDirectory } };
  const { exitCode, stderr } = await shadow.git.attempt(args, call);
  if (exitCode === 0) return;
  // Of a source that answers it is known that it lacks the base, of another nothing.
  const answers = (await shadow.git.attempt(['ls-remote', '--heads', '--', source], call)).exitCode === 0;
  if (answers) throw new Fault('missing', `${source} does not give the snapshot's base any more: ${stderr}`);
  throw new Fault('transient', `${source} cannot be fetched from: ${stderr}`);
}

/** A partial clone's base came without blobs: those of the working copy's files are fetched at once. */
async function fetchMissingFiles(
  shadow: Shadow,
  settings: readonly Setting[],
  signal: AbortSignal,
): Promise<void> {
  if (settingOf(settings, 'remote.origin.partialclonefilter') === undefined) return;
  const entries = await shadow.names(['ls-files', '-z', '--stage'], { signal });
  const oids = new Set(entries.map((entry) => entry.split(' ', 2)[1]!));
  for (const oid of await shadow.present(oids, signal)) oids.delete(oid);
  if (oids.size === 0) return;
  const args = ['fetch', '--quiet', '--no-tags', '--no-write-fetch-head', '--refmap=', '--stdin', 'origin'];
  const { worktree, gitDirectory } = shadow.place;
  const input = `${[...oids].join('\n')}\n`;
  await shadow.git.run(args, { cwd: worktree, signal, env: { GIT_DIR: gitDirectory }, input });
}

async function checkOutGitFiles(shadow: Shadow, { commit }: Manifest, signal: AbortSignal): Promise<void> {
  const call = { signal, index: 'git-files' as const };
  await shadow.run(['read-tree', `${commit}:git`], call);
  const names = await shadow.names(['ls-files', '-z'], call);
  const foreign = names.find((name) => !isGitFile(name));
  if (foreign !== undefined) throw new Fault('invalid', `a snapshot must not hold .git/${foreign}`);
  await shadow.run(
    ['checkout-index', '--all', '--force', '-q', `--prefix=${shadow.place.gitDirectory}/`],
    call,
  );
}
