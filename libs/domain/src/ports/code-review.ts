/** A pull request by its repository's canonical URL and number. */
export interface PullRequestRef {
  readonly repository: string;
  readonly number: number;
}

export interface Review {
  readonly id: string;
  readonly author: string;
  readonly state: 'approved' | 'changes-requested' | 'commented' | 'dismissed';
  readonly body: string;
  /** The head it was about, where the host knows. */
  readonly headSha?: string;
  readonly submittedAtMs: number;
}

export interface ReviewComment {
  readonly id: string;
  readonly author: string;
  readonly body: string;
  readonly createdAtMs: number;
}

/** A conversation about lines of a pull request. */
export interface ReviewThread {
  readonly id: string;
  readonly path: string;
  /** Absent when it is about the whole file, or its lines are gone. */
  readonly line?: number;
  readonly isResolved: boolean;
  /** At least one, oldest first. */
  readonly comments: readonly ReviewComment[];
}

/**
 * What people say of a pull request, and the answers they get.
 *
 * - all reviews are given, oldest first; one that is not submitted yet is nobody else's to see
 * - all threads are given with all their comments, oldest first
 * - a reply joins its thread, and is found again by the effect key it was written with
 * - a thread that is resolved says so, and may be resolved again
 * - an unknown pull request or thread is `missing`
 */
export interface CodeReview {
  reviews(ref: PullRequestRef): Promise<readonly Review[]>;
  threads(ref: PullRequestRef): Promise<readonly ReviewThread[]>;
  reply(ref: PullRequestRef, threadId: string, body: string, effectKey: string): Promise<ReviewComment>;
  findReply(ref: PullRequestRef, threadId: string, effectKey: string): Promise<ReviewComment | undefined>;
  resolve(ref: PullRequestRef, threadId: string): Promise<void>;
}
