import { Fault, findIssueUrls, issueUrl, parseIssueUrl } from '@swe/domain';
import type { IssueRef, RepoHost } from '@swe/domain';

export interface TaskRequest {
  readonly task: string;
  /** What the person gave as the repository: a path, a clone URL, or a host's own URL. */
  readonly repo?: string | undefined;
}

export interface TaskHosts {
  readonly repoHost: Pick<RepoHost, 'issue' | 'repository'>;
  /** Whether the host knows repositories by such URLs. */
  serves(repository: string): boolean;
  /** Brings a person's own repository in, and gives the URL it has from then on. */
  bringIn(source: string): Promise<string>;
}

export interface ResolvedTask {
  /** The message to the agent: the person's words and where to work. */
  readonly message: string;
  readonly repository: string;
  /** Set when the whole task is an issue. */
  readonly issue: IssueRef | undefined;
}

/**
 * Finds out what is to be done and where, before anything is made for it. The task is an issue when its text is an
 * issue's URL and nothing else. Throws `invalid` or `missing` with what to do when there is no repository to work
 * in, or the issue does not exist.
 */
export async function resolveTask({ task, repo }: TaskRequest, hosts: TaskHosts): Promise<ResolvedTask> {
  if (repo?.trim() === '') throw new Fault('invalid', 'The repository is empty: name a path or an address.');
  const issue = parseIssueUrl(task);
  const mentioned = issue ?? findIssueUrls(task).find((ref) => hosts.serves(ref.repository));
  for (const ref of issue === undefined ? [] : [issue]) await mustExist(ref, hosts);
  const repository = repo === undefined ? mentioned?.repository : await repositoryOf(repo, hosts);
  if (repository === undefined) {
    throw new Fault(
      'invalid',
      'Say which repository to work in: --repo <path|url>, or an issue URL as the task.',
    );
  }
  const words = issue === undefined ? task : `Solve this issue: ${issueUrl(issue)}`;
  return { message: `${words}\n\nRepository: ${repository}`, repository, issue };
}

async function mustExist(ref: IssueRef, { repoHost, serves }: TaskHosts): Promise<void> {
  if (!serves(ref.repository)) {
    throw new Fault('invalid', `${issueUrl(ref)} is on a host that is not connected here.`);
  }
  await repoHost.issue(ref);
}

async function repositoryOf(repo: string, { repoHost, serves, bringIn }: TaskHosts): Promise<string> {
  if (!serves(repo)) return bringIn(repo);
  return (await repoHost.repository(repo.replace(/\/+$/, ''))).url;
}
