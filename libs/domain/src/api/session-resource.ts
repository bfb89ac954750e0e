import { z } from 'zod';
import { usage } from '../budget/usage';
import { sessionPullRequest, sessionStatus, turnEnding } from '../session/session';
import { detail } from './session-event';

export const sessionId = z.string().regex(/^s[a-z2-7]{20}$/);

/** https://host/owner/name or forge://name, as it is shown in a browser: without credentials. */
const repositoryUrl = z
  .string()
  .regex(/^(?:forge:\/\/[\w.-]+|https?:\/\/[\w.-]+(?::\d+)?\/[\w.-]+\/[\w.-]+)$/)
  .max(500);
const issueUrl = z
  .string()
  .regex(/^(?:forge:\/\/[\w.-]+|https?:\/\/[\w.-]+(?::\d+)?\/[\w.-]+\/[\w.-]+)\/issues\/[1-9]\d{0,9}$/)
  .max(500);

/** What a session is to do. */
export const newSessionRequest = z
  .strictObject({
    task: z.string().regex(/\S/).max(100_000).optional().meta({ description: 'What to do, in words.' }),
    issue: issueUrl.optional().meta({ description: 'URL of the issue to solve.' }),
    repository: repositoryUrl
      .optional()
      .meta({ description: 'URL of the repository to work in, where the task does not say it.' }),
    base: z
      .string()
      .regex(/^[\w./-]+$/)
      .max(250)
      .optional()
      .meta({
        description: 'The branch to start from, if not the default one. Needs `repository` or `issue`.',
      }),
    model: z
      .string()
      .regex(/^[a-z-]+\/\S+$/)
      .max(200)
      .optional()
      .meta({ description: '`<provider>/<model id>`, if not the one that is set for all.' }),
    budgetUsd: z
      .number()
      .min(0.01)
      .max(100_000)
      .optional()
      .meta({ description: 'What the session may spend on models, in US dollars.' }),
    isPrivate: z.literal(true).optional().meta({
      description: 'Only who began it, and keys for `admin`, see the session.',
    }),
    parent: sessionId.optional().meta({
      description:
        'A session of the same key’s (any, for `admin`) that this one works for: together they spend no more than that one may.',
    }),
  })
  .refine(({ task, issue }) => task !== undefined || issue !== undefined, {
    error: 'Say what to do: a task, an issue, or both.',
    path: ['task'],
  })
  .refine(({ base, repository, issue }) => base === undefined || (repository ?? issue) !== undefined, {
    error: 'Say which repository it is a branch of.',
    path: ['base'],
  })
  .meta({ anyOf: [{ required: ['task'] }, { required: ['issue'] }] });
export type NewSessionRequest = z.infer<typeof newSessionRequest>;

const cost = z.object({
  spentUsd: z.number().nonnegative(),
  estimatedUsd: z
    .number()
    .nonnegative()
    .meta({ description: 'The part of `spentUsd` that no provider reported: counted at its worst case.' }),
  budgetUsd: z.number().nonnegative(),
  usage,
});
const lastLine = z.string().meta({ description: 'What the session said last, or what it is at, in a line.' });

export const sessionSummary = z.object({
  id: sessionId,
  status: sessionStatus,
  lastTurn: turnEnding.optional().meta({ description: 'How its last turn that is over ended.' }),
  title: z.string(),
  requester: z.string().meta({ description: '`key:<id>` for a session that a key began.' }),
  parent: sessionId.optional().meta({ description: 'The session that this one works for.' }),
  isPrivate: z
    .literal(true)
    .optional()
    .meta({ description: 'Only its requester, and keys for `admin`, see it. Its children are private too.' }),
  repositories: z.array(z.string()),
  pullRequests: z.array(
    z.object({ url: z.string(), repository: z.string(), number: sessionPullRequest.shape.number }),
  ),
  createdAt: z.iso.datetime(),
  updatedAt: z.iso.datetime(),
  cost: cost.optional().meta({ description: 'With `detail=full`.' }),
  lastLine: lastLine.optional(),
});
export type SessionSummary = z.infer<typeof sessionSummary>;

export const sessionResource = sessionSummary.extend({ model: z.string().optional(), cost, lastLine });
export type SessionResource = z.infer<typeof sessionResource>;

export const sessionPage = z.object({
  items: z.array(sessionSummary),
  next: z.string().optional().meta({ description: '`after` of the next page; absent on the last one.' }),
});
export type SessionPage = z.infer<typeof sessionPage>;

export const sessionQuery = z.object({
  status: sessionStatus.optional(),
  limit: z.coerce.number().int().min(1).max(100).default(20),
  after: z
    .string()
    .regex(/^[\w/-]{1,100}$/)
    .optional(),
  detail: detail.default('brief').meta({ description: '`full`: with their cost and last line.' }),
});
export type SessionQuery = z.infer<typeof sessionQuery>;
