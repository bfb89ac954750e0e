import type { Comment, Issue, IssueRef } from '@swe/domain';
import { z } from 'zod';
import { githubAuthor } from '../github-id';

/** https://docs.github.com/rest/issues/issues#get-an-issue, as far as it is read. */
const issue = z.object({
  title: z.string(),
  body: z.string().nullish(),
  user: githubAuthor,
  state: z.enum(['open', 'closed']),
  labels: z.array(z.union([z.string(), z.object({ name: z.string().nullish() })])).default([]),
});

export function toIssue(ref: IssueRef, data: unknown, comments: readonly Comment[]): Issue {
  const { title, body, user: author, state, labels } = issue.parse(data);
  const names = labels.map((label) => (typeof label === 'string' ? label : (label.name ?? '')));
  return { ...ref, title, body: body ?? '', author, state, labels: names, comments };
}
