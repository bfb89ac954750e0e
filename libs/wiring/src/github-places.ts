import { nameOnServer, repoNameOf, workspaceOf } from '@swe/adapter-github/server';
import type { GithubServer } from '@swe/adapter-github/server';
import type { IssueRef } from '@swe/domain';

/** What is where on a server, which its addresses tell without asking it. */
export function placesOf(server: GithubServer) {
  return {
    server,
    threadOf: ({ repository, number }: IssueRef) =>
      `${workspaceOf(server, repoNameOf(server, repository))}/${number}`,
    serves: (repository: string) => nameOnServer(server, repository) !== undefined,
  };
}
