import { z } from 'zod';
import { cutText } from './session-event';

export const repositoryName = z.string().regex(/^[A-Za-z0-9_][A-Za-z0-9._-]{0,99}$/);
export const pullNumber = z.string().regex(/^[1-9]\d{0,8}$/);

const state = z.enum(['open', 'closed']);
const pullState = z.enum(['open', 'closed', 'merged']);

export const forgeRepositoryList = z.object({
  items: z.array(
    z.object({
      name: z.string(),
      url: z.string(),
      defaultBranch: z.string(),
      openIssues: z.int().nonnegative(),
      openPullRequests: z.int().nonnegative(),
    }),
  ),
});
export type ForgeRepositoryList = z.infer<typeof forgeRepositoryList>;

export const forgeRepository = z.object({
  name: z.string(),
  url: z.string(),
  defaultBranch: z.string(),
  cloneUrl: z.string().meta({ description: 'What git clones and fetches from.' }),
  issues: z.array(
    z.object({ number: z.int(), title: z.string(), body: z.string(), state, author: z.string() }),
  ),
  pullRequests: z.array(
    z.object({ number: z.int(), title: z.string(), state: pullState, headBranch: z.string() }),
  ),
});
export type ForgeRepository = z.infer<typeof forgeRepository>;

export const newForgeRepository = z.strictObject({
  source: z
    .string()
    .regex(/^[^\s-]/)
    .max(1_000)
    .meta({ description: 'A folder on the machine, or what git clones from. It is only read.' }),
});
export type NewForgeRepository = z.infer<typeof newForgeRepository>;

export const forgeSample = z.object({ repository: z.string(), issue: z.string() });
export type ForgeSample = z.infer<typeof forgeSample>;

export const forgePullRequest = z.object({
  repository: z.string(),
  number: z.int(),
  url: z.string(),
  title: z.string(),
  body: z.string().meta({ description: 'Markdown.' }),
  state: pullState,
  isDraft: z.boolean(),
  headBranch: z.string(),
  baseBranch: z.string(),
  comments: z.array(
    z.object({ id: z.string(), author: z.string(), body: z.string(), createdAt: z.iso.datetime() }),
  ),
  checks: z.array(z.object({ name: z.string(), state: z.string(), summary: z.string() })),
  diff: cutText.meta({ description: 'What merging it changes, as git says it.' }),
});
export type ForgePullRequest = z.infer<typeof forgePullRequest>;
