import type { Check } from '../ports/repo-host';
import type { Review } from '../ports/code-review';

/** Where and by whom something was done on a repository host, verified. */
interface CodeMoment {
  /** What happened, by its identity at the host: the same however often the host tells of it. */
  readonly eventKey: string;
  /** Its canonical URL. */
  readonly repository: string;
  /** Where approvals count: `github:<server>/<owner>/<name>`. */
  readonly workspace: string;
  /** Who did it: `github:<login>`. */
  readonly requester: string;
  /** By a program, ours or another. */
  readonly isBot: boolean;
  readonly receivedAtMs: number;
}

interface PullRequestMoment extends CodeMoment {
  /** The pull request: `github:<server>/<owner>/<name>/<number>`. */
  readonly origin: string;
  readonly number: number;
  readonly headBranch: string;
  readonly headSha: string;
}

/** A review was submitted. `body` may be empty: its comments are read by `CodeReview`. */
export interface Reviewed extends PullRequestMoment {
  readonly kind: 'reviewed';
  readonly state: Review['state'];
  readonly body: string;
  /** Its words mention the agent. */
  readonly isAddressed: boolean;
}

export interface PullRequestClosed extends PullRequestMoment {
  readonly kind: 'pull-request-closed';
  readonly isMerged: boolean;
}

/** One that was closed is open again. */
export interface PullRequestReopened extends PullRequestMoment {
  readonly kind: 'pull-request-reopened';
}

/** All checks that one app runs on a commit, or one that a program tells of, are over; others may not be. */
export interface ChecksFinished extends CodeMoment {
  readonly kind: 'checks-finished';
  readonly state: Check['state'];
  readonly headSha: string;
  /** Absent for a commit that no branch is at. */
  readonly headBranch?: string;
}

/** What happened to code, translated from the vendor's event and judged by nobody yet. What was said is a `ChatEvent`. */
export type CodeEvent = Reviewed | PullRequestClosed | PullRequestReopened | ChecksFinished;
