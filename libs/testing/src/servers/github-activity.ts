import { GithubChecks } from './github-checks';
import type { GithubEmit } from './github-event';
import { GithubIssues } from './github-issues';
import { GithubPulls } from './github-pulls';
import { GithubPushes } from './github-pushes';
import { GithubReviews } from './github-reviews';
import type { GithubView } from './github-view';

/** What people and apps do, by themselves or through the API. Whoever subscribed is told as soon as it has happened. */
export interface GithubActivity {
  readonly issues: GithubIssues;
  readonly pulls: GithubPulls;
  readonly reviews: GithubReviews;
  readonly checks: GithubChecks;
  readonly pushes: GithubPushes;
}

export function githubActivity(view: GithubView, emit: GithubEmit): GithubActivity {
  const issues = new GithubIssues(view, emit);
  const pushes = new GithubPushes(view, emit);
  return {
    issues,
    pushes,
    pulls: new GithubPulls(view, issues, pushes),
    reviews: new GithubReviews(view, emit),
    checks: new GithubChecks(view, emit),
  };
}
