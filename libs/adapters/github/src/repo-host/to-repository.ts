import type { Repository } from '@swe/domain';
import { z } from 'zod';

/** https://docs.github.com/rest/repos/repos#get-a-repository, as far as it is read. */
const repository = z.object({
  name: z.string(),
  html_url: z.url(),
  clone_url: z.url(),
  default_branch: z.string(),
  archived: z.boolean().default(false),
  permissions: z.object({ push: z.boolean() }).optional(),
});

/**
 * `mayPush`: what the token itself says of it, where it does. A fine-grained personal access token does not: the answer
 * tells what its owner may do, so that a push can still be refused.
 */
export function toRepository(data: unknown, mayPush?: boolean): Repository {
  const {
    name,
    html_url: url,
    clone_url: cloneUrl,
    default_branch,
    archived,
    permissions,
  } = repository.parse(data);
  const canWrite = mayPush ?? permissions?.push ?? false;
  return {
    url,
    name,
    defaultBranch: default_branch,
    cloneUrl,
    access: archived ? 'archived' : canWrite ? 'write' : 'read',
  };
}
