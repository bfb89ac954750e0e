import { findingsOfDiff } from '@swe/domain';
import type { DiffFinding, Processes } from '@swe/domain';
import { tryGit } from './git';
import type { GitOptions } from './git';
import { succeeded } from './run-report';

const MAX_DIFF_BYTES = 2 * 1024 * 1024;

/** What a change does to tests and workflows. */
export interface ExaminedChange {
  readonly findings: readonly DiffFinding[];
  /** It was too large, or git could not tell it: there may be more. */
  readonly isCut: boolean;
}

/** Looks through what git calls this range. Nothing that the repository names shows it otherwise than it is. */
export async function examineChange(
  processes: Pick<Processes, 'run'>,
  range: string,
  options: GitOptions,
): Promise<ExaminedChange> {
  const plain = ['--no-color', '--no-ext-diff', '--no-textconv', '--src-prefix=a/', '--dst-prefix=b/'];
  const brief = ['--unified=0', '--find-renames', '--irreversible-delete'];
  const args = ['-c', 'core.quotePath=false', 'diff', ...plain, ...brief, '--end-of-options', range, '--'];
  const result = await tryGit(processes, args, { ...options, previewBytes: MAX_DIFF_BYTES });
  if (!succeeded(result)) return { findings: [], isCut: true };
  const { head, omittedBytes } = result.output;
  return { findings: findingsOfDiff(head), isCut: omittedBytes > 0 };
}
