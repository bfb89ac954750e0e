import { Fault, isFault } from '@swe/domain';
import type { GithubClient } from './github-client';
import { MAX_BODY_LENGTH } from './github-limits';
import { isMarked } from './is-marked';
import { markerOf, withMarker } from './effect-marker';

/** An issue or pull request by its repository's canonical URL. */
export interface CommentsOf {
  readonly repository: string;
  readonly number: number;
}

/** Writes a comment that `findMarked` finds by its key. Gives it as GitHub does. */
export async function writeMarked(
  client: GithubClient,
  { repository, number }: CommentsOf,
  body: string,
  effectKey: string,
) {
  const marked = withMarker(body, markerOf(effectKey));
  if (marked.length > MAX_BODY_LENGTH) {
    throw new Fault('invalid', `a comment holds ${MAX_BODY_LENGTH} characters, not ${marked.length}`);
  }
  const { octokit, name } = client.at(repository);
  const of = { ...name, issue_number: number };
  try {
    const route = 'POST /repos/{owner}/{repo}/issues/{issue_number}/comments';
    return (await octokit.request(route, { ...of, body: marked })).data;
  } catch (error) {
    if (!isFault(error, 'denied')) throw error;
    // Its words alone would tell this from a token that lacks something.
    const { data } = await octokit.request('GET /repos/{owner}/{repo}/issues/{issue_number}', of);
    if (!data.locked) throw error;
    const mend = 'whoever may write there has to unlock it, or to give the agent write access';
    throw new Fault('denied', `${repository}/issues/${number} is locked: ${mend}`, { cause: error });
  }
}

/** The agent's comment that was written with a key, on whichever page it is. */
export async function findMarked(
  client: GithubClient,
  { repository, number }: CommentsOf,
  effectKey: string,
) {
  const { octokit, name } = client.at(repository);
  const login = await client.identity.login();
  const [found] = await octokit.paginate(
    'GET /repos/{owner}/{repo}/issues/{issue_number}/comments',
    { ...name, issue_number: number, per_page: 100 },
    ({ data }, done) => {
      const marked = data.filter((comment) => isMarked(comment, effectKey, login));
      if (marked.length > 0) done();
      return marked;
    },
  );
  return found;
}
