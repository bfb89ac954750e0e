import { z } from 'zod';
import { SlackRefusal } from './slack-refusal';
import type { SlackPost } from './slack-world';

const ts = z.string().regex(/^\d+(\.\d+)?$/);
const flag = z.union([z.boolean(), z.enum(['true', 'false', '1', '0'])]).transform((given) => {
  return given === true || given === 'true' || given === '1';
});

/** What conversations.history and conversations.replies take beside the place. */
export const pageArgs = z.object({
  cursor: z.string().optional(),
  latest: ts.optional(),
  oldest: ts.optional(),
  inclusive: flag.default(false),
  limit: z.coerce.number().int().positive().max(1_000).optional(),
  include_all_metadata: flag.default(false),
});
export type SlackPageArgs = z.infer<typeof pageArgs>;

export interface SlackPage {
  readonly posts: readonly SlackPost[];
  readonly nextCursor: string | undefined;
}

const CURSOR = /^next_ts:(\d+)$/;

/** One page of `posts` in their order. A cursor is such as `next_ts:1484678290517091` in base64, the next one's time. */
export function slackPage(
  posts: readonly SlackPost[],
  { cursor, latest, oldest, inclusive, limit }: SlackPageArgs,
  defaultLimit: number,
): SlackPage {
  const within = posts.filter(({ ts: at }) => {
    const isAfter = oldest === undefined || at > padded(oldest) || (inclusive && at === padded(oldest));
    const isBefore = latest === undefined || at < padded(latest) || (inclusive && at === padded(latest));
    return isAfter && isBefore;
  });
  const start = cursor === undefined || cursor === '' ? 0 : startAt(within, cursor);
  const end = start + (limit ?? defaultLimit);
  const next = within[end];
  return {
    posts: within.slice(start, end),
    nextCursor: next && Buffer.from(`next_ts:${next.ts.replace('.', '')}`).toString('base64'),
  };
}

function startAt(posts: readonly SlackPost[], cursor: string): number {
  const micros = CURSOR.exec(Buffer.from(cursor, 'base64').toString())?.[1];
  const index = posts.findIndex(({ ts: at }) => at.replace('.', '') === micros);
  if (index < 0) throw new SlackRefusal('invalid_cursor');
  return index;
}

function padded(at: string): string {
  const [seconds = '', micros = ''] = at.split('.');
  return `${seconds}.${micros.padEnd(6, '0')}`;
}
