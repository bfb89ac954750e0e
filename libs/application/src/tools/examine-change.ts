import { DIFF_OPTIONS, findingsOfDiff } from '@swe/domain';
import type { ExaminedChange, Processes } from '@swe/domain';
import { tryGit } from './git';
import type { GitOptions } from './git';
import { succeeded } from './run-report';

const MAX_DIFF_BYTES = 2 * 1024 * 1024;

/** Looks through what git calls this range. Nothing that the repository names shows it otherwise than it is. */
export async function examineChange(
  processes: Pick<Processes, 'run'>,
  range: string,
  options: GitOptions,
): Promise<ExaminedChange> {
  const args = ['-c', 'core.quotePath=false', 'diff', ...DIFF_OPTIONS, '--end-of-options', range, '--'];
  const result = await tryGit(processes, args, { ...options, previewBytes: MAX_DIFF_BYTES });
  if (!succeeded(result)) return { findings: [], isCut: true };
  const { head, omittedBytes } = result.output;
  return { findings: findingsOfDiff(head), isCut: omittedBytes > 0 };
}
