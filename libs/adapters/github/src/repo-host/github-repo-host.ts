import { Fault, isFault } from '@swe/domain';
import type {
  Check,
  Comment,
  Issue,
  IssueRef,
  PullRequest,
  PullRequestChange,
  PullRequestDraft,
  RepoHost,
  Repository,
} from '@swe/domain';
import { repoNameOf } from '../github-server';
import { statusOf } from '../to-fault';
import type { GithubClient } from '../github-client';
import { isSame } from '../is-marked';
import { findMarked, writeMarked } from '../issue-comments';
import { readChecks } from './read-checks';
import { toComment } from './to-comment';
import { toIssue } from './to-issue';
import { toPullRequest } from './to-pull-request';
import { toRepository } from './to-repository';

const PAGE = 100;

const stageMutation = (name: string): string =>
  `mutation ($id: ID!) { ${name}(input: { pullRequestId: $id }) { pullRequest { isDraft } } }`;
const TO_READY = stageMutation('markPullRequestReadyForReview');
const TO_DRAFT = stageMutation('convertPullRequestToDraft');

/** github.com or an Enterprise Server as a repository host. Issues and pull requests share their numbers and comments. */
export class GithubRepoHost implements RepoHost {
  readonly #client: GithubClient;

  constructor(client: GithubClient) {
    this.#client = client;
  }

  async repository(url: string): Promise<Repository> {
    const { octokit, name } = this.#client.at(url);
    const { data } = await octokit.request('GET /repos/{owner}/{repo}', { ...name });
    return toRepository(data, await this.#client.identity.mayPush(name));
  }

  async issue(ref: IssueRef): Promise<Issue> {
    const { octokit, name } = this.#client.at(ref.repository);
    const of = { ...name, issue_number: ref.number };
    const { data } = await octokit.request('GET /repos/{owner}/{repo}/issues/{issue_number}', of);
    const comments = await octokit.paginate('GET /repos/{owner}/{repo}/issues/{issue_number}/comments', {
      ...of,
      per_page: PAGE,
    });
    return toIssue(ref, data, comments.map(toComment));
  }

  async comment(ref: IssueRef, body: string, effectKey: string): Promise<Comment> {
    return toComment(await writeMarked(this.#client, ref, body, effectKey));
  }

  async findComment(ref: IssueRef, effectKey: string): Promise<Comment | undefined> {
    const found = await findMarked(this.#client, ref, effectKey);
    return found && toComment(found);
  }

  async branchHead(repository: string, branch: string): Promise<string | undefined> {
    const { octokit, name } = this.#client.at(repository);
    try {
      const ref = { ...name, ref: `heads/${branch}` };
      const { data } = await octokit.request('GET /repos/{owner}/{repo}/git/ref/{ref}', ref);
      return data.object.sha;
    } catch (error) {
      // 409: the repository is empty.
      if (isFault(error, 'conflict')) return undefined;
      if (!isFault(error, 'missing')) throw error;
      await this.repository(repository);
      return undefined;
    }
  }

  async isOnBranch(repository: string, branch: string, sha: string): Promise<boolean> {
    const head = await this.branchHead(repository, branch);
    if (head === undefined || head === sha) return head === sha;
    const { octokit, name } = this.#client.at(repository);
    try {
      // By ids, since a tag may have a branch's name; the first page alone would list files.
      const { data } = await octokit.request('GET /repos/{owner}/{repo}/compare/{basehead}', {
        ...name,
        basehead: `${sha}...${head}`,
        per_page: 1,
        page: 2,
      });
      return data.status === 'ahead' || data.status === 'identical';
    } catch (error) {
      // Of no commit of the repository, or one without a common ancestor.
      if (isFault(error, 'missing', 'invalid')) return false;
      throw error;
    }
  }

  async pullRequest(repository: string, number: number): Promise<PullRequest> {
    const { octokit, name } = this.#client.at(repository);
    const of = { ...name, pull_number: number };
    const { data } = await octokit.request('GET /repos/{owner}/{repo}/pulls/{pull_number}', of);
    return toPullRequest(repository, data);
  }

  async findPullRequest(
    repository: string,
    headBranch: string,
    headRepository?: string,
  ): Promise<PullRequest | undefined> {
    const { octokit, name } = this.#client.at(repository);
    const { owner, repo } = this.#headOf(repository, headRepository);
    // Narrowed to the owner's branches of that name; which of its repositories it is, the answer tells.
    const pullRequests = await octokit.paginate('GET /repos/{owner}/{repo}/pulls', {
      ...name,
      state: 'open',
      head: `${owner}:${headBranch}`,
      per_page: PAGE,
    });
    const isOwn = headRepository === undefined || headRepository === repository;
    const found = pullRequests.find(({ head, base }) => {
      // The repository may be called otherwise by now.
      const wanted = isOwn ? base.repo.full_name : `${owner}/${repo}`;
      return head.ref === headBranch && isSame(head.repo?.full_name, wanted);
    });
    return found && toPullRequest(repository, found);
  }

  async openPullRequest(draft: PullRequestDraft): Promise<PullRequest> {
    const { repository, headRepository, headBranch, baseBranch: base, title, body, isDraft = false } = draft;
    const { octokit, name } = this.#client.at(repository);
    const { owner, repo } = this.#headOf(repository, headRepository);
    const isOwnFork = isSame(owner, name.owner) && !isSame(repo, name.repo);
    try {
      const { data } = await octokit.request('POST /repos/{owner}/{repo}/pulls', {
        ...name,
        head: `${owner}:${headBranch}`,
        // https://docs.github.com/rest/pulls/pulls#create-a-pull-request
        ...(isOwnFork && { head_repo: repo }),
        base,
        title,
        body,
        draft: isDraft,
      });
      return toPullRequest(repository, data);
    } catch (error) {
      if (!isFault(error) || statusOf(error) !== 422) throw error;
      // Whether there is one already, or nothing to be merged, its words alone would tell.
      const other = await this.findPullRequest(repository, headBranch, headRepository);
      if (other === undefined) throw error;
      throw new Fault('conflict', `${headBranch} already has the pull request ${other.url}`, {
        cause: error,
      });
    }
  }

  async updatePullRequest(
    repository: string,
    number: number,
    { title, body, isDraft }: PullRequestChange,
  ): Promise<PullRequest> {
    const { octokit, name } = this.#client.at(repository);
    const of = { ...name, pull_number: number, title, body };
    const { data } = await octokit.request('PATCH /repos/{owner}/{repo}/pulls/{pull_number}', of);
    if (isDraft === undefined || isDraft === (data.draft ?? false)) return toPullRequest(repository, data);
    // REST can't: https://docs.github.com/graphql/reference/mutations#markpullrequestreadyforreview. An App's token needs
    // `contents: write` for it: https://github.com/cli/cli/discussions/6924
    const api = this.#client.at(repository, 'change');
    await this.#client.graphql(api, isDraft ? TO_DRAFT : TO_READY, { id: data.node_id });
    return toPullRequest(repository, { ...data, draft: isDraft });
  }

  checks(repository: string, sha: string): Promise<readonly Check[]> {
    return readChecks(this.#client.at(repository), sha);
  }

  #headOf(repository: string, headRepository = repository) {
    return repoNameOf(this.#client.server, headRepository);
  }
}
