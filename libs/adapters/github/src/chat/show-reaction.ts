import type { Reaction } from '@swe/domain';
import { z } from 'zod';
import type { MessageAt } from '../addresses';
import type { GithubClient } from '../github-client';
import { githubAuthor, githubId } from '../github-id';
import { isSame } from '../is-marked';

/** GitHub has eight: https://docs.github.com/rest/reactions/reactions#about-reactions */
const CONTENT: Readonly<Record<Reaction, string>> = {
  seen: 'eyes',
  working: 'rocket',
  waiting: 'confused',
  done: 'hooray',
  failed: '-1',
};

const ROUTES: Readonly<Record<MessageAt['kind'], string>> = {
  issue: '/repos/{owner}/{repo}/issues/{id}/reactions',
  comment: '/repos/{owner}/{repo}/issues/comments/{id}/reactions',
  'review-comment': '/repos/{owner}/{repo}/pulls/comments/{id}/reactions',
};

const shown = z.array(z.object({ id: githubId, content: z.string(), user: githubAuthor }));

/** Shows one reaction of the agent's on a message, in place of those it has shown before. */
export async function showReaction(
  client: GithubClient,
  { repository, kind, id }: MessageAt,
  reaction: Reaction,
): Promise<void> {
  const { octokit, name } = client.at(repository);
  const login = await client.identity.login();
  const route = ROUTES[kind];
  const of = { ...name, id };
  const before = shown.parse(await octokit.paginate(`GET ${route}`, { ...of, per_page: 100 }));
  // The one that is there already is given again.
  await octokit.request(`POST ${route}`, { ...of, content: CONTENT[reaction] });
  for (const { id: reaction_id, content, user } of before) {
    const isEarlier = Object.values(CONTENT).includes(content) && content !== CONTENT[reaction];
    if (isEarlier && isSame(user, login)) {
      await octokit.request(`DELETE ${route}/{reaction_id}`, { ...of, reaction_id });
    }
  }
}
