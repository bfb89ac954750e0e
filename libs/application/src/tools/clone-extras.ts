import type { Processes, Workspace } from '@swe/domain';
import { exists } from './exists';
import { tryGit } from './git';
import type { GitOptions } from './git';
import { hasLargeFiles } from './large-files';
import { outputText, succeeded } from './run-report';

/** https://docs.github.com/en/communities/using-templates-to-encourage-useful-issues-and-pull-requests/creating-a-pull-request-template-for-your-repository */
const PULL_REQUEST_TEMPLATES = ['', '.github/', 'docs/'].flatMap((folder) => [
  `:(icase)${folder}pull_request_template.*`,
  `:(icase)${folder}pull_request_template/*`,
]);

/**
 * Brings in what goes with a fresh clone: submodules, and the files that git-lfs keeps elsewhere. Gives what the model
 * has to know: what could not be had, and the form that pull requests are to have.
 */
export async function bringExtras(
  processes: Pick<Processes, 'run'>,
  workspace: Pick<Workspace, 'stat'>,
  at: GitOptions,
): Promise<readonly string[]> {
  const notes: string[] = [];
  if (await exists(workspace, `${at.cwd}/.gitmodules`)) {
    const done = await tryGit(processes, ['submodule', 'update', '--init', '--recursive'], at);
    if (!succeeded(done)) notes.push(`Not all submodules could be brought in: ${outputText(done.output)}`);
  }
  if (await hasLargeFiles(processes, at)) {
    const set = await tryGit(processes, ['lfs', 'install', '--local', '--skip-repo'], at);
    const pulled = succeeded(set) ? await tryGit(processes, ['lfs', 'pull'], at) : set;
    if (!succeeded(pulled))
      notes.push(`Files kept by git-lfs are pointers here: ${outputText(pulled.output)}`);
  }
  const templates = await tryGit(processes, ['ls-files', '--', ...PULL_REQUEST_TEMPLATES], at);
  const [template = ''] = succeeded(templates) ? templates.output.head.trim().split('\n') : [];
  if (template !== '') notes.push(`Pull requests are to have the form of ${template}.`);
  return notes;
}
