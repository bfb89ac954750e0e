import { Fault } from '@swe/domain';
import type { Processes } from '@swe/domain';
import { tryGit } from './git';
import type { GitOptions } from './git';
import { endText, outputText, succeeded } from './run-report';

/** Whether a working copy has files that git-lfs keeps elsewhere: https://git-lfs.com */
export async function hasLargeFiles(processes: Pick<Processes, 'run'>, at: GitOptions): Promise<boolean> {
  const attributes = ['grep', '-lF', 'filter=lfs', '--', '.gitattributes', '**/.gitattributes'];
  return succeeded(await tryGit(processes, attributes, at));
}

/**
 * Brings files that git-lfs keeps elsewhere to the remote, as its hook does before a push: no hooks run with ours. What
 * the shell configured may start programs by that, so it goes where the shell's commands do. Throws `invalid`.
 */
export async function pushLargeFiles(
  processes: Pick<Processes, 'run'>,
  remote: string,
  at: GitOptions,
): Promise<void> {
  if (!(await hasLargeFiles(processes, at))) return;
  // Without the program nothing that is committed is a pointer.
  if (!succeeded(await tryGit(processes, ['lfs', 'version'], at))) return;
  const pushed = await tryGit(processes, ['lfs', 'push', remote, 'HEAD'], at);
  if (succeeded(pushed)) return;
  throw new Fault(
    'invalid',
    `Not pushed: files that git-lfs keeps elsewhere could not be brought there.\n${outputText(pushed.output)}\n${endText(pushed)}`,
  );
}
