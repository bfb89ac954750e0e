import { Fault } from '@swe/domain';
import type { Git } from './git';

/** Exit code of `git config` when nothing matches: https://git-scm.com/docs/git-config#_description */
const NOTHING_SET = 1;

/**
 * Whether the working tree at `top` has changes that are in no commit. Looking runs nothing that the repository names:
 * git compares a file's content through the filter its attributes ask for, so here every filter lets it through as it
 * is, and a file that one would change (git-lfs does) may count as changed when only its time did. A submodule counts
 * by its commit alone: its own configuration would be obeyed too. Throws `invalid` when git can't tell.
 */
export async function isDirty(git: Git, top: string): Promise<boolean> {
  const listed = await git.attempt(
    '-C',
    top,
    'config',
    '--null',
    '--name-only',
    '--get-regexp',
    '^filter\\.',
  );
  try {
    if (listed.exitCode !== 0 && listed.exitCode !== NOTHING_SET) throw new Error(listed.stderr);
    const settings = Object.fromEntries(listed.stdout.split('\0').filter(Boolean).map(turnedOff));
    return await git.prints(settings, '-C', top, 'status', '--porcelain', '--ignore-submodules=dirty');
  } catch (cause) {
    throw new Fault('invalid', `${top} cannot be read by git. See what git status says in it.`, { cause });
  }
}

/** An empty command is none; a filter that is required must not be missing. */
function turnedOff(name: string): [name: string, value: string] {
  return [name, name.endsWith('.required') ? 'false' : ''];
}
