import { z } from 'zod';

/** An id of REST or GraphQL; Octokit gives those that JavaScript's numbers don't hold as `bigint`. */
export const githubId = z.union([z.int(), z.bigint(), z.string()]).transform(String);

/** Who wrote something; a user who is gone is shown as `ghost`. */
export const githubAuthor = z
  .object({ login: z.string() })
  .nullish()
  .transform((user) => user?.login ?? 'ghost');

export const githubTime = z.iso.datetime({ offset: true }).transform((time) => Date.parse(time));
