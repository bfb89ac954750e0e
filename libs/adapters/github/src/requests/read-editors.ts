import { z } from 'zod';
import type { GithubClient, RepoApi } from '../github-client';

/** https://docs.github.com/graphql/reference/queries#nodes takes as many. */
const IDS = 100;

const EDITORS = `query ($ids: [ID!]!) {
  nodes(ids: $ids) {
    ... on IssueComment { id editor { __typename login } }
    ... on PullRequestReviewComment { id editor { __typename login } }
  }
}`;
const answer = z.object({
  nodes: z.array(
    z
      .object({
        id: z.string(),
        editor: z.object({ __typename: z.string(), login: z.string() }).nullish(),
      })
      .nullable(),
  ),
});

/** Who edited comments last, by the comments' node ids. Comments that nobody did are left out. REST does not tell it. */
export async function readEditors(
  client: GithubClient,
  api: RepoApi,
  ids: readonly string[],
): Promise<ReadonlyMap<string, string>> {
  const editors = new Map<string, string>();
  for (let from = 0; from < ids.length; from += IDS) {
    const given = await client.graphql(api, EDITORS, { ids: ids.slice(from, from + IDS) });
    for (const node of answer.parse(given).nodes) {
      if (node?.editor == null) continue;
      const { __typename: type, login } = node.editor;
      // GraphQL names a bot without what REST puts behind it.
      editors.set(node.id, type === 'Bot' ? `${login}[bot]` : login);
    }
  }
  return editors;
}
