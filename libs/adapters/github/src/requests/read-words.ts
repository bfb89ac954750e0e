import type { HostEvent } from '@swe/domain';
import { z } from 'zod';
import { eventOf, GHOST } from './host-reading';
import type { HostReading } from './host-reading';
import { readEditors } from './read-editors';

/** As far as it is read beside what is translated. */
const comment = z.looseObject({
  node_id: z.string(),
  user: z.looseObject({ login: z.string() }).nullish(),
  html_url: z.string(),
  created_at: z.string(),
  updated_at: z.string(),
});
type Comment = z.infer<typeof comment>;

/** What was said in an issue or pull request with a mention of the agent, and what of it was edited, from a time on. */
export async function readComments(
  reading: HostReading,
  number: number,
  sinceMs: number,
): Promise<readonly HostEvent[]> {
  const { octokit, name } = reading;
  const route = 'GET /repos/{owner}/{repo}/issues/{issue_number}/comments';
  const comments = await octokit.paginate(route, { ...name, issue_number: number, ...since(sinceMs) });
  return wordsOf(reading, comments, 'issue_comment', ({ html_url: url }) => ({
    // `https://github.com/acme/shop/issues/1#issuecomment-2` is on the issue's page.
    issue: { number, html_url: url.split('#', 1)[0] ?? url },
  }));
}

/** The same of lines of a pull request: https://docs.github.com/rest/pulls/comments#list-review-comments-on-a-pull-request */
export async function readLineComments(
  reading: HostReading,
  pull: { readonly number: number },
  sinceMs: number,
): Promise<readonly HostEvent[]> {
  const { octokit, name } = reading;
  const route = 'GET /repos/{owner}/{repo}/pulls/{pull_number}/comments';
  const comments = await octokit.paginate(route, { ...name, pull_number: pull.number, ...since(sinceMs) });
  return wordsOf(reading, comments, 'pull_request_review_comment', () => ({ pull_request: pull }));
}

/** By the time of their last change. */
const since = (sinceMs: number) => ({ since: new Date(sinceMs).toISOString(), per_page: 100 });

async function wordsOf(
  reading: HostReading,
  given: unknown,
  name: 'issue_comment' | 'pull_request_review_comment',
  whereOf: (comment: Comment) => object,
): Promise<readonly HostEvent[]> {
  const comments = z.array(comment).parse(given);
  const touched = comments.filter(({ created_at: created, updated_at: updated }) => created !== updated);
  const ids = touched.map(({ node_id: id }) => id);
  const editors = await readEditors(reading.client, reading, ids);
  return comments
    .flatMap((each) => {
      const editor = editors.get(each.node_id);
      const change =
        editor === undefined
          ? { action: 'created', sender: each.user ?? GHOST }
          : { action: 'edited', sender: { login: editor } };
      return eventOf(reading, name, { ...change, ...whereOf(each), comment: each });
    })
    .filter((event) => event.kind !== 'said' || event.isAddressed);
}
