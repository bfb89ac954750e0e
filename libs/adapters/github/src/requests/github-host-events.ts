import { isFault } from '@swe/domain';
import type { HostEvent, HostEvents, IssueRef, PullRequestRef } from '@swe/domain';
import { z } from 'zod';
import type { GithubClient, RepoApi } from '../github-client';
import { githubTime } from '../github-id';
import { toEvent } from './to-events';
import type { EventContext } from './event-context';
import type { GithubEvent } from './to-events';

const PAGE = 100;
const GHOST = { login: 'ghost' };

/** As far as it is read beside what is translated. */
const comment = z.looseObject({
  user: z.looseObject({ login: z.string() }).nullish(),
  html_url: z.string(),
  created_at: z.string(),
  updated_at: z.string(),
});
const review = z.looseObject({
  user: z.looseObject({ login: z.string() }).nullish(),
  submitted_at: githubTime.nullish(),
});

/** A repository with its name as webhooks have it, and how its events are translated. */
interface Reading extends RepoApi {
  readonly repository: object;
  readonly context: EventContext;
}

/**
 * What happened, read over the API and put as webhooks put it, so that one translation makes the same events of both.
 * Comments that were edited are left out: who did that, the API does not tell.
 */
export class GithubHostEvents implements HostEvents {
  readonly #client: GithubClient;

  constructor(client: GithubClient) {
    this.#client = client;
  }

  async issueEvents(ref: IssueRef, sinceMs: number): Promise<readonly HostEvent[]> {
    return said(await this.#open(ref.repository), ref.number, sinceMs);
  }

  async pullRequestEvents(ref: PullRequestRef, sinceMs: number): Promise<readonly HostEvent[]> {
    const reading = await this.#open(ref.repository);
    const { octokit, name } = reading;
    const { data: pull } = await octokit.request('GET /repos/{owner}/{repo}/pulls/{pull_number}', {
      ...name,
      pull_number: ref.number,
    });
    return [
      ...(await said(reading, ref.number, sinceMs)),
      ...(await reviewed(reading, pull, sinceMs)),
      ...(await checked(reading, pull.head.sha)),
      ...closed(reading, pull),
    ];
  }

  async #open(url: string): Promise<Reading> {
    const { server, clock, identity } = this.#client;
    const api = this.#client.at(url);
    // Keys have the name that it has now, in the case that its owner gave it.
    const { data: repository } = await api.octokit.request('GET /repos/{owner}/{repo}', { ...api.name });
    const login = await identity.login();
    return { ...api, repository, context: { server, login, receivedAtMs: clock.nowMs() } };
  }
}

async function said(reading: Reading, number: number, sinceMs: number): Promise<readonly HostEvent[]> {
  const { octokit, name } = reading;
  const comments = await octokit.paginate('GET /repos/{owner}/{repo}/issues/{issue_number}/comments', {
    ...name,
    issue_number: number,
    since: new Date(sinceMs).toISOString(),
    per_page: PAGE,
  });
  return z
    .array(comment)
    .parse(comments)
    .filter(({ created_at, updated_at }) => created_at === updated_at)
    .flatMap((each) => {
      const issue = { number, html_url: withoutFragment(each.html_url) };
      const sender = each.user ?? GHOST;
      return eventOf(reading, 'issue_comment', { action: 'created', sender, issue, comment: each });
    })
    .filter((event) => event.kind === 'said' && event.isAddressed);
}

async function reviewed(
  reading: Reading,
  pull: { readonly number: number },
  sinceMs: number,
): Promise<readonly HostEvent[]> {
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

async function checked(reading: Reading, ref: string): Promise<readonly HostEvent[]> {
  const { octokit, name } = reading;
  const of = { ...name, ref, per_page: PAGE };
  try {
    const suites = await octokit.paginate('GET /repos/{owner}/{repo}/commits/{ref}/check-suites', of);
    return suites
      .filter(({ status }) => status === 'completed')
      .flatMap((suite) => {
        const sender = { login: `${suite.app?.slug ?? 'ghost'}[bot]`, type: 'Bot' };
        return eventOf(reading, 'check_suite', { action: 'completed', sender, check_suite: suite });
      });
  } catch (error) {
    // A token may lack leave to read checks alone.
    if (isFault(error, 'denied')) return [];
    throw error;
  }
}

function closed(
  reading: Reading,
  pull: { readonly state: string; readonly merged_by: object | null },
): readonly HostEvent[] {
  if (pull.state !== 'closed') return [];
  const sender = pull.merged_by ?? GHOST;
  return eventOf(reading, 'pull_request', { action: 'closed', sender, pull_request: pull });
}

function eventOf({ repository, context }: Reading, name: string, payload: object): readonly HostEvent[] {
  const event = toEvent(name, { ...payload, repository }, context);
  return event !== undefined && isHostEvent(event) ? [event] : [];
}

function isHostEvent(event: GithubEvent): event is HostEvent {
  return event.kind === 'said' || 'eventKey' in event;
}

/** `https://github.com/acme/shop/issues/1#issuecomment-2` is on the issue's page. */
function withoutFragment(url: string): string {
  return url.split('#', 1)[0] ?? url;
}
