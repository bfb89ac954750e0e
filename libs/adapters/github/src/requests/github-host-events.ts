import { isFault } from '@swe/domain';
import type { HostEvent, HostEvents, IssueRef, PullRequestRef } from '@swe/domain';
import { z } from 'zod';
import type { GithubClient } from '../github-client';
import { githubTime } from '../github-id';
import { eventOf, GHOST } from './host-reading';
import type { HostReading } from './host-reading';
import { readComments, readLineComments } from './read-words';

const PAGE = 100;

/** As far as it is read beside what is translated. */
const review = z.looseObject({
  user: z.looseObject({ login: z.string() }).nullish(),
  submitted_at: githubTime.nullish(),
});

interface Pull {
  readonly number: number;
  readonly head: { readonly ref: string; readonly sha: string };
  readonly state: string;
  readonly merged_by: object | null;
}

/** What happened, read over the API and translated as webhooks are. */
export class GithubHostEvents implements HostEvents {
  readonly #client: GithubClient;

  constructor(client: GithubClient) {
    this.#client = client;
  }

  async issueEvents(ref: IssueRef, sinceMs: number): Promise<readonly HostEvent[]> {
    return readComments(await this.#open(ref.repository), ref.number, sinceMs);
  }

  async pullRequestEvents(ref: PullRequestRef, sinceMs: number): Promise<readonly HostEvent[]> {
    const reading = await this.#open(ref.repository);
    const { octokit, name } = reading;
    const { data: pull } = await octokit.request('GET /repos/{owner}/{repo}/pulls/{pull_number}', {
      ...name,
      pull_number: ref.number,
    });
    return [
      ...(await readComments(reading, ref.number, sinceMs)),
      ...(await readLineComments(reading, pull, sinceMs)),
      ...(await reviewed(reading, pull, sinceMs)),
      ...(await orNone(checked(reading, pull))),
      ...(await orNone(statusesSet(reading, pull))),
      ...closed(reading, pull),
    ];
  }

  async #open(url: string): Promise<HostReading> {
    const { server, clock, identity } = this.#client;
    const api = this.#client.at(url);
    // Keys have the name that it has now, in the case that its owner gave it.
    const { data: repository } = await api.octokit.request('GET /repos/{owner}/{repo}', { ...api.name });
    const context = { server, login: await identity.login(), receivedAtMs: clock.nowMs() };
    return { ...api, client: this.#client, repository, context };
  }
}

async function reviewed(reading: HostReading, pull: Pull, sinceMs: number): Promise<readonly HostEvent[]> {
  const { octokit, name } = reading;
  const reviews = await octokit.paginate('GET /repos/{owner}/{repo}/pulls/{pull_number}/reviews', {
    ...name,
    pull_number: pull.number,
    per_page: PAGE,
  });
  return z
    .array(review)
    .parse(reviews)
    .filter(({ submitted_at: atMs }) => atMs != null && atMs >= sinceMs)
    .flatMap((each) => {
      const sender = each.user ?? GHOST;
      const submitted = { action: 'submitted', sender, pull_request: pull, review: each };
      return eventOf(reading, 'pull_request_review', submitted);
    });
}

/** Of a fork's commits a suite has no branch: https://docs.github.com/rest/checks/suites */
async function checked(reading: HostReading, { head }: Pull): Promise<readonly HostEvent[]> {
  const { octokit, name } = reading;
  const of = { ...name, ref: head.sha, per_page: PAGE };
  const suites = await octokit.paginate('GET /repos/{owner}/{repo}/commits/{ref}/check-suites', of);
  return suites
    .filter(({ status }) => status === 'completed')
    .flatMap((suite) => {
      const sender = { login: `${suite.app?.slug ?? 'ghost'}[bot]`, type: 'Bot' };
      const check_suite = { ...suite, head_branch: suite.head_branch ?? head.ref };
      return eventOf(reading, 'check_suite', { action: 'completed', sender, check_suite });
    });
}

/** The last of each: https://docs.github.com/rest/commits/statuses#list-commit-statuses-for-a-reference has them newest first. */
async function statusesSet(reading: HostReading, { head }: Pull): Promise<readonly HostEvent[]> {
  const { octokit, name } = reading;
  const of = { ...name, ref: head.sha, per_page: PAGE };
  const statuses = await octokit.paginate('GET /repos/{owner}/{repo}/commits/{ref}/statuses', of);
  const newest = new Map(statuses.toReversed().map((status) => [status.context, status]));
  const branches = [{ name: head.ref, commit: { sha: head.sha } }];
  return [...newest.values()].flatMap((status) => {
    return eventOf(reading, 'status', {
      ...{ id: status.id, state: status.state, sha: head.sha, branches },
      sender: status.creator ?? GHOST,
    });
  });
}

/** A token may lack leave to read these alone. */
async function orNone(events: Promise<readonly HostEvent[]>): Promise<readonly HostEvent[]> {
  try {
    return await events;
  } catch (error) {
    if (isFault(error, 'denied')) return [];
    throw error;
  }
}

function closed(reading: HostReading, pull: Pull): readonly HostEvent[] {
  if (pull.state !== 'closed') return [];
  const sender = pull.merged_by ?? GHOST;
  return eventOf(reading, 'pull_request', { action: 'closed', sender, pull_request: pull });
}
