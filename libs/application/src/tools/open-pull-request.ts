import { z } from 'zod';
import {
  closedIssues,
  Fault,
  isSessionBranch,
  verificationOf,
  verificationText,
  weakeningOf,
  withoutVerification,
  withVerification,
} from '@swe/domain';
import type {
  Directory,
  IssueRef,
  Processes,
  PullRequest,
  RepoForks,
  RepoHost,
  Repository,
  Session,
} from '@swe/domain';
import type { DemandRight } from '../agent/demand-right';
import { defineTool, said } from '../agent/tool';
import type { Tool } from '../agent/tool';
import { pushKey } from '../agent/work-record';
import { coAuthorOf, countUncredited, creditCoAuthor } from './credit-co-author';
import { examineChange } from './examine-change';
import { git, lineLike, tryGit } from './git';
import type { GitOptions } from './git';
import { pushLargeFiles } from './large-files';
import { pushRefusal } from './push-refusal';
import type { RefusedPush } from './push-refusal';
import { succeeded } from './run-report';

/** Hosts take 65,536 characters; the verification and the issue's line are added. */
const MAX_BODY = 56_000;
const PUSH_TIMEOUT_MS = 10 * 60_000;
/** https://git-scm.com/docs/git-status#_short_format; the first line comes without a leading space. */
const CHANGE = /^[ MTADRCU?!]{1,2} /;

export interface PullRequestOptions {
  readonly processes: Pick<Processes, 'run'>;
  /** Where the host's repositories can be written. Runs `git push` and nothing else. */
  readonly pushProcesses: Pick<Processes, 'run'>;
  readonly repoHost: Pick<
    RepoHost,
    'repository' | 'branchHead' | 'findPullRequest' | 'openPullRequest' | 'updatePullRequest'
  >;
  readonly forks: RepoForks;
  readonly directory: Pick<Directory, 'person'>;
  readonly demandRight: DemandRight;
  /** Lets git at a repository as somebody its host knows. */
  grant(repository: string, base?: string, upstream?: string): void;
  /** Has what is said of the pull request reach the session. Called again for one that is followed already. */
  follow(pullRequest: IssueRef): Promise<void>;
  /** The issue that the session's task is, if it is one; its pull request closes it. */
  readonly issue: IssueRef | undefined;
}

/**
 * Pushes the session's branch and opens its pull request, or updates the one that is open: one per branch, however
 * often it is called. Refuses uncommitted changes and foreign branches, and believes in a push only after it has
 * read the branch back from the host. The session's requester is credited with its
 * commits where their host has an address for that. What was checked, and what the change does to tests, goes into the
 * body from the session's record and is told to the model. In a repair of failed checks, what makes them say less is
 * not pushed.
 */
export function openPullRequest({
  processes,
  pushProcesses,
  repoHost,
  forks,
  directory: peopleOf,
  demandRight,
  grant,
  follow,
  issue,
}: PullRequestOptions): Tool {
  return defineTool({
    name: 'open_pull_request',
    description:
      'Push the commits of a working copy and open a pull request, or update the open one with this title and body. Commit everything first. The body says what changed and why. The section on verification is written for you, from what bash ran: run the checks on what you commit, in a call that changes no files, without hiding their exit codes.',
    access: 'acts',
    resume: 'repeat',
    input: z.object({
      directory: z.string().min(1).describe('The working copy, as clone_repository named it.'),
      title: z.string().min(1).max(250),
      body: z.string().min(1).max(MAX_BODY),
      base: z
        .string()
        .min(1)
        .optional()
        .describe('The branch to merge into, if not the default one. An open pull request keeps its own.'),
      draft: z
        .boolean()
        .optional()
        .describe(
          'True: not to be reviewed or merged yet. False: ready, also for one that was a draft. Without it an open one stays as it is.',
        ),
    }),
    async run(
      { directory, title, body, base: wanted, draft: isDraft },
      { session, people, record, signal, effect },
    ) {
      const at = { cwd: directory, signal };
      const repository = await repositoryOf(
        session,
        await git(processes, ['config', '--get', 'remote.origin.url'], at),
      );
      const branch = (await git(processes, ['branch', '--show-current'], at)).split('\n').at(-1) ?? '';
      if (!isSessionBranch(session.id, branch)) {
        throw new Fault(
          'denied',
          `${directory} is on ${branch || 'no branch'}: only this session's branch may be pushed.`,
        );
      }
      if (repository.access === 'archived') {
        throw new Fault(
          'denied',
          `${repository.url} is archived: no pull request can be opened there. Your commits are kept in ${directory}. Ask the person to have it unarchived, or for the repository that took its place.`,
        );
      }
      // Into a fork of the agent's own anybody may have it push who may read what it is of.
      await demandRight(repository.access === 'write' ? 'write' : 'read', repository.url, people);
      await mustBeCommitted(directory, at);
      const source = repository.access === 'write' ? repository : await forks.fork(repository.url, signal);
      const isFork = source.url !== repository.url;
      grant(source.url, session.baseBranches?.[repository.url], isFork ? repository.url : undefined);
      const existing = await repoHost.findPullRequest(repository.url, branch, source.url);
      if (existing !== undefined && wanted !== undefined && wanted !== existing.baseBranch) {
        throw new Fault(
          'invalid',
          `${existing.url} is open and merges into ${existing.baseBranch}, not into ${wanted}. Leave base out to update it.`,
        );
      }
      const base = existing?.baseBranch ?? wanted ?? repository.defaultBranch;
      const counted = await git(processes, ['rev-list', '--count', `origin/${base}..HEAD`], at);
      const ahead = Number(lineLike(counted, /^\d+$/));
      if (ahead === 0) throw new Fault('invalid', `${branch} has no commit that ${base} lacks.`);

      const credited = await credit(session, source.url, branch, base, at);
      const headSha = lineLike(await git(processes, ['rev-parse', 'HEAD'], at), /^[0-9a-f]{40,64}$/);
      const told = await git(processes, ['rev-parse', '--show-toplevel', 'HEAD^{tree}'], at);
      const change = await examineChange(processes, `origin/${base}...HEAD`, at);
      const verification = verificationOf({
        runs: record.checks,
        workingCopy: lineLike(told, /^\//),
        tree: lineLike(told, /^[0-9a-f]{40,64}$/),
        findings: change.findings,
        isDiffCut: change.isCut,
      });
      if (record.isRepair) await mustLeaveChecks(source.url, branch, at);
      await effect(pushKey(session.id, headSha), `push ${branch} to ${source.url}`, async () => {
        const remote = isFork ? 'fork' : 'origin';
        await pushLargeFiles(processes, remote, { ...at, timeoutMs: PUSH_TIMEOUT_MS });
        await push(source.cloneUrl, { directory, branch, remote }, at);
        const arrived = await repoHost.branchHead(source.url, branch);
        if (arrived !== headSha) {
          throw new Fault(
            'conflict',
            `git said it pushed ${headSha}, but ${branch} is at ${arrived ?? 'nothing'}.`,
          );
        }
        return { branch, headSha };
      });

      const { request, isNew, ...opened } = await effect(
        `${session.id}/pull-request/${repository.url}/${branch}`,
        `open or update the pull request of ${branch} in ${repository.url}`,
        async () => {
          const text = withVerification(bodyFor(repository, withoutVerification(body)), verification);
          const open = await repoHost.findPullRequest(repository.url, branch, source.url);
          const request =
            open === undefined
              ? await repoHost.openPullRequest({
                  repository: repository.url,
                  ...(isFork && { headRepository: source.url }),
                  headBranch: branch,
                  baseBranch: base,
                  title,
                  body: text,
                  ...(isDraft === true && { isDraft }),
                })
              : await repoHost.updatePullRequest(repository.url, open.number, {
                  title,
                  body: text,
                  ...(isDraft !== undefined && { isDraft }),
                });
          return {
            request: { ...factsOf(request), headSha },
            isNew: open === undefined,
            isDraft: request.isDraft ?? false,
          };
        },
      );
      await follow({ repository: request.repository, number: request.number });
      // Its fork, or the name that it has now.
      const added = [...new Set([repository.url, source.url])].filter(
        (url) => !session.repositories.includes(url),
      );
      const commits = `${ahead} commit${ahead === 1 ? '' : 's'}`;
      return {
        ...said(
          `${isNew ? 'Opened' : 'Updated'} ${request.url} (${commits}, head ${headSha.slice(0, 10)}${opened.isDraft ? ', a draft' : ''}).${credited}\n\nIts section on verification:\n\n${verificationText(verification)}`,
        ),
        session: {
          ...(added.length > 0 && { repositories: [...session.repositories, ...added] }),
          ...(isFork && { upstreams: { ...session.upstreams, [source.url]: repository.url } }),
          pullRequests: [...session.pullRequests.filter(({ url }) => url !== request.url), request],
          // From the manager's next look on. Also over a time that is known here: the manager may have dropped it since.
          pollAtMs: 0,
        },
      };
    },
  });

  async function repositoryOf(session: Session, origin: string): Promise<Repository> {
    for (const url of session.repositories) {
      const repository = await repoHost.repository(url);
      // It may have been renamed since, and is found by the name that it was cloned by as well.
      const names = [repository.cloneUrl, url, `${url}.git`];
      if (origin.split('\n').some((line) => names.includes(line))) return repository;
    }
    throw new Fault(
      'denied',
      `This working copy comes from ${origin}, which clone_repository did not bring in.`,
    );
  }

  /** What was changed for that, in words for the model. */
  async function credit(
    { requester, origin }: Session,
    url: string,
    branch: string,
    base: string,
    at: GitOptions,
  ): Promise<string> {
    const coAuthor = await coAuthorOf(peopleOf, requester, origin);
    if (coAuthor === undefined) return '';
    const count = await creditCoAuthor(processes, coAuthor, await repoHost.branchHead(url, branch), at);
    const left = await countUncredited(processes, coAuthor, [`origin/${base}..HEAD`], at);
    const line = `the line "Co-authored-by: ${coAuthor}"`;
    const given = `${count} of your commits were given ${line} before the push, and have other ids now; what they change is the same.`;
    const lacking = `${left} of your commits lack ${line}: they were pushed by git before, and what is pushed is not rewritten. Leave pushing to open_pull_request.`;
    return [...(count > 0 ? [given] : []), ...(left > 0 ? [lacking] : [])]
      .map((each) => `\n\n${each}`)
      .join('');
  }

  /**
   * To the host's own address: the shell may have pointed the remote elsewhere. Nor may what the shell configured have
   * git start a program here, where the host's repositories can be written.
   */
  async function push(url: string, refused: RefusedPush, at: GitOptions): Promise<void> {
    const own = ['--porcelain', '--no-recurse-submodules', '--receive-pack=git-receive-pack', '--no-signed'];
    const env = {
      GIT_CONFIG_GLOBAL: '/dev/null',
      // A rewritten address could otherwise name a program, as `ssh` and `ext` do.
      GIT_ALLOW_PROTOCOL: url.startsWith('/') ? 'file' : 'http:https',
    };
    const args = ['push', ...own, '--', url, `HEAD:refs/heads/${refused.branch}`];
    const pushed = await tryGit(pushProcesses, args, { ...at, env, timeoutMs: PUSH_TIMEOUT_MS });
    if (!succeeded(pushed)) throw pushRefusal(pushed, refused);
  }

  async function mustBeCommitted(directory: string, at: { cwd: string; signal: AbortSignal }): Promise<void> {
    const printed = await git(processes, ['status', '--porcelain', '--untracked-files=normal'], at);
    // Warnings, of a .gitmodules for one, are no changes.
    const changes = printed
      .split('\n')
      .filter((line) => CHANGE.test(line))
      .join('\n');
    if (changes !== '') {
      throw new Fault(
        'invalid',
        `${directory} has changes that are not committed (or not ignored):\n${changes}`,
      );
    }
  }

  /** What failed checks woke the session for is pushed only if it leaves tests and workflows as strict as they are. */
  async function mustLeaveChecks(url: string, branch: string, at: GitOptions): Promise<void> {
    const head = await repoHost.branchHead(url, branch);
    if (head === undefined) return;
    const lines = weakeningOf(await examineChange(processes, `${head}..HEAD`, at));
    if (lines.length === 0) return;
    const shown = lines.map((line) => `- ${line}`);
    throw new Fault(
      'denied',
      `Not pushed. You repair failed checks, and beside ${head.slice(0, 10)} this would make them say less:\n${shown.join('\n')}\nRepair the code instead and put these back, or ask the person with ask_user which of them may be changed. It can be pushed once they have answered.`,
    );
  }

  function bodyFor(repository: Repository, body: string): string {
    if (issue === undefined || issue.repository !== repository.url) return body;
    return closedIssues(body).includes(issue.number) ? body : `${body.trimEnd()}\n\nCloses #${issue.number}`;
  }
}

function factsOf({ repository, headBranch, number, url }: PullRequest) {
  return { repository, headBranch, number, url };
}
