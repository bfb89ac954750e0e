import { Fault } from '@swe/domain';
import type { Clock, CodeReview, PullRequestRef, Review, ReviewComment, ReviewThread } from '@swe/domain';
import { ManualClock } from './manual-clock';

interface ThreadRecord extends Omit<ReviewThread, 'comments' | 'isResolved'> {
  readonly comments: ReviewComment[];
  /** By effect key. */
  readonly replies: Map<string, ReviewComment>;
  isResolved: boolean;
}

interface PullRequestRecord {
  readonly reviews: Review[];
  readonly threads: ThreadRecord[];
}

/** Reviews in memory, of the pull requests that it is told of. */
export class MemoryCodeReview implements CodeReview {
  readonly #pullRequests = new Map<string, PullRequestRecord>();
  readonly #clock: Clock;
  #ids = 0;

  constructor(clock: Clock = new ManualClock()) {
    this.#clock = clock;
  }

  addPullRequest(ref: PullRequestRef): void {
    this.#pullRequests.set(keyOf(ref), { reviews: [], threads: [] });
  }

  submitReview(ref: PullRequestRef, review: Pick<Review, 'author' | 'state' | 'body'>): void {
    const record = this.#record(ref);
    record.reviews.push({ id: this.#nextId(), ...review, submittedAtMs: this.#clock.nowMs() });
  }

  /** Returns the thread's id. */
  openThread(
    ref: PullRequestRef,
    { path, line, ...first }: Pick<ReviewThread, 'path' | 'line'> & Pick<ReviewComment, 'author' | 'body'>,
  ): string {
    const id = this.#nextId();
    const comments = [this.#newComment(first)];
    const place = { path, ...(line !== undefined && { line }) };
    this.#record(ref).threads.push({ id, ...place, comments, replies: new Map(), isResolved: false });
    return id;
  }

  answerThread(
    ref: PullRequestRef,
    threadId: string,
    answer: Pick<ReviewComment, 'author' | 'body'>,
  ): ReviewComment {
    const comment = this.#newComment(answer);
    this.#thread(ref, threadId).comments.push(comment);
    return comment;
  }

  async reviews(ref: PullRequestRef): Promise<readonly Review[]> {
    return [...this.#record(ref).reviews];
  }

  async threads(ref: PullRequestRef): Promise<readonly ReviewThread[]> {
    return this.#record(ref).threads.map(({ replies: _, comments, ...thread }) => ({
      ...thread,
      comments: [...comments],
    }));
  }

  async reply(
    ref: PullRequestRef,
    threadId: string,
    body: string,
    effectKey: string,
  ): Promise<ReviewComment> {
    const comment = this.answerThread(ref, threadId, { author: 'swe-agent', body });
    this.#thread(ref, threadId).replies.set(effectKey, comment);
    return comment;
  }

  async findReply(
    ref: PullRequestRef,
    threadId: string,
    effectKey: string,
  ): Promise<ReviewComment | undefined> {
    return this.#thread(ref, threadId).replies.get(effectKey);
  }

  async resolve(ref: PullRequestRef, threadId: string): Promise<void> {
    this.#thread(ref, threadId).isResolved = true;
  }

  #record(ref: PullRequestRef): PullRequestRecord {
    const record = this.#pullRequests.get(keyOf(ref));
    if (record === undefined) throw new Fault('missing', `there is no ${keyOf(ref)}`);
    return record;
  }

  #thread(ref: PullRequestRef, threadId: string): ThreadRecord {
    const thread = this.#record(ref).threads.find(({ id }) => id === threadId);
    if (thread === undefined) throw new Fault('missing', `${keyOf(ref)} has no thread ${threadId}`);
    return thread;
  }

  #newComment(words: Pick<ReviewComment, 'author' | 'body'>): ReviewComment {
    return { id: this.#nextId(), ...words, createdAtMs: this.#clock.nowMs() };
  }

  #nextId(): string {
    this.#ids += 1;
    return String(this.#ids);
  }
}

function keyOf({ repository, number }: PullRequestRef): string {
  return `${repository}/pulls/${number}`;
}
