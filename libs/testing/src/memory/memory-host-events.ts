import { Fault } from '@swe/domain';
import type { HostEvent, HostEvents, IssueRef, PullRequestRef } from '@swe/domain';

interface Happened {
  readonly event: HostEvent;
  readonly atMs: number;
}

/** Tells of issues and pull requests what it is told of them. */
export class MemoryHostEvents implements HostEvents {
  readonly #issues = new Map<string, Happened[]>();
  readonly #pullRequests = new Map<string, Happened[]>();
  /** Every read so far, as `pull <number> since <time>`. */
  readonly reads: string[] = [];
  /** Thrown by each read while it is set. */
  failure: Error | undefined;

  addIssue(ref: IssueRef): void {
    this.#issues.set(keyOf(ref), []);
  }

  addPullRequest(ref: PullRequestRef): void {
    this.#pullRequests.set(keyOf(ref), []);
  }

  happen(ref: IssueRef | PullRequestRef, event: HostEvent, atMs: number): void {
    const all = this.#pullRequests.get(keyOf(ref)) ?? this.#issues.get(keyOf(ref));
    all?.push({ event, atMs });
  }

  /** What was said is gone: it was edited, or can't be read any more. */
  forget(ref: IssueRef | PullRequestRef, messageKey: string): void {
    for (const all of [this.#issues, this.#pullRequests]) {
      const left = all
        .get(keyOf(ref))
        ?.filter(({ event }) => !('messageKey' in event) || event.messageKey !== messageKey);
      if (left !== undefined) all.set(keyOf(ref), left);
    }
  }

  async issueEvents(ref: IssueRef, sinceMs: number): Promise<readonly HostEvent[]> {
    return this.#read('issue', this.#issues, ref, sinceMs);
  }

  async pullRequestEvents(ref: PullRequestRef, sinceMs: number): Promise<readonly HostEvent[]> {
    return this.#read('pull', this.#pullRequests, ref, sinceMs);
  }

  #read(
    what: string,
    all: ReadonlyMap<string, readonly Happened[]>,
    ref: IssueRef | PullRequestRef,
    sinceMs: number,
  ): readonly HostEvent[] {
    this.reads.push(`${what} ${ref.number} since ${sinceMs}`);
    if (this.failure !== undefined) throw this.failure;
    const happened = all.get(keyOf(ref));
    if (happened === undefined) throw new Fault('missing', `there is no ${keyOf(ref)}`);
    return happened
      .filter(({ event, atMs }) => !MANY.includes(event.kind) || atMs >= sinceMs)
      .map(({ event }) => event)
      .toSorted((a, b) => ORDER.indexOf(a.kind) - ORDER.indexOf(b.kind));
  }
}

/** Kinds that there are ever more of: only the new ones are told. */
const MANY: readonly HostEvent['kind'][] = ['said', 'edited', 'reviewed'];
const ORDER: readonly HostEvent['kind'][] = [
  ...(['said', 'edited', 'reviewed'] as const),
  ...(['checks-finished', 'pull-request-closed', 'pull-request-reopened'] as const),
];

const keyOf = ({ repository, number }: IssueRef | PullRequestRef): string => `${repository}#${number}`;
