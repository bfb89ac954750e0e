import { access, constants, realpath } from 'node:fs/promises';
import { resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Fault } from '@swe/domain';
import { codeOf, exists } from '../file-system';
import { isDirty } from './is-dirty';
import type { Git } from './git';

/** A repository to mirror, as its owner has it. */
export interface ForgeSource {
  /** What git reads it from: a URL, or the absolute path of the repository's top folder. */
  readonly address: string;
  /** The address as it may be shown and stored: without a password. */
  readonly shown: string;
  /** A local repository that has changes which are in no commit. */
  readonly dirty: boolean;
  /** Absent when detached. */
  readonly headBranch?: string;
  readonly headSha: string;
}

/** `scheme://...`, or ssh's short form `host:path`. */
const URL_FORM = /^([a-z][a-z0-9+.-]*:\/\/|[^/\\:]+:)/i;
const USER_INFO = /^([a-z][a-z0-9+.-]*:\/\/)[^/]*@/i;

/** Looks at `source`, a URL or a path (a relative one counts from this process's folder), without writing to it. */
export async function readSource(git: Git, source: string, branch: string | undefined): Promise<ForgeSource> {
  const path = source.startsWith('file://') ? fileURLToPath(source) : source;
  const isUrl = URL_FORM.test(path) && !(await exists(path));
  const place = isUrl
    ? { address: path, shown: path.replace(USER_INFO, '$1'), dirty: false }
    : await local(git, path);
  const wanted = branch === undefined ? [] : [`refs/heads/${branch}`];
  const heads = await git.attempt('ls-remote', '--symref', '--', place.address, 'HEAD', ...wanted);
  if (heads.exitCode !== 0) {
    const advice = isUrl
      ? 'Check the address, the network and your access'
      : 'Check its owner and permissions';
    throw new Fault('invalid', `${place.shown} cannot be read by git. ${advice}.`, {
      cause: heads.stderr.replaceAll(place.address, place.shown),
    });
  }
  return { ...place, ...headOf(heads.stdout, place.shown, branch) };
}

async function local(git: Git, source: string): Promise<Pick<ForgeSource, 'address' | 'shown' | 'dirty'>> {
  const path = await realPath(source);
  const look = await git.attempt('-C', path, 'rev-parse', '--is-inside-work-tree', '--absolute-git-dir');
  if (look.exitCode !== 0) {
    const problem = `${path} is no git repository of yours. Run git init and commit in it, or name another.`;
    throw new Fault('invalid', problem, { cause: look.stderr });
  }
  const [hasTree, gitFolder = ''] = look.stdout.split('\n');
  if (hasTree !== 'true') return { address: gitFolder, shown: gitFolder, dirty: false };
  const top = await git.run('-C', path, 'rev-parse', '--show-toplevel');
  return { address: top, shown: top, dirty: await isDirty(git, top) };
}

function headOf(listed: string, shown: string, branch: string | undefined) {
  const lines = listed.split('\n').map((line) => line.split('\t'));
  const symbolic = lines.find(([value, name]) => name === 'HEAD' && value?.startsWith('ref: '))?.[0];
  const ref = branch === undefined ? 'HEAD' : `refs/heads/${branch}`;
  const headSha = lines.find(([value, name]) => name === ref && !value?.startsWith('ref: '))?.[0];
  if (headSha === undefined) {
    const problem =
      branch === undefined
        ? 'has no commit on its current branch. Commit something'
        : `has no branch ${branch}. Push it`;
    throw new Fault('invalid', `${shown} ${problem}, then try again.`);
  }
  const headBranch = branch ?? symbolic?.slice('ref: refs/heads/'.length);
  return headBranch === undefined ? { headSha } : { headSha, headBranch };
}

async function realPath(source: string): Promise<string> {
  try {
    const path = await realpath(resolve(source));
    await access(path, constants.R_OK);
    return path;
  } catch (error) {
    if (codeOf(error) === 'EACCES') {
      throw new Fault('denied', `${source} cannot be read. Check its permissions.`, { cause: error });
    }
    throw new Fault('missing', `${source} does not exist. Check the path.`, { cause: error });
  }
}
