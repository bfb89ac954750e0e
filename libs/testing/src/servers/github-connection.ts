import { graphqlRefusal } from './github-graphql-error';

export interface ConnectionArgs {
  readonly first?: number | null;
  readonly last?: number | null;
  readonly after?: string | null;
  readonly before?: string | null;
}

const MOST = 100;

/** One page of a list: https://docs.github.com/en/graphql/guides/using-pagination-in-the-graphql-api; its bounds have to be given. */
export function connection<T>(
  name: string,
  items: readonly T[],
  args: ConnectionArgs,
  toNode: (item: T) => object,
): object {
  const { first, last, after, before } = args;
  const size = first ?? last;
  if (size === undefined || size === null) {
    throw graphqlRefusal(
      'MISSING_PAGINATION_BOUNDARIES',
      `You must provide a \`first\` or \`last\` value to properly paginate the \`${name}\` connection.`,
    );
  }
  if (size > MOST) {
    const bound = first === size ? 'first' : 'last';
    throw graphqlRefusal(
      'EXCESSIVE_PAGINATION',
      `Requesting ${size} records on the \`${name}\` connection exceeds the \`${bound}\` limit of ${MOST} records.`,
    );
  }
  const from = after == null ? 0 : indexOf(after) + 1;
  const to = before == null ? items.length : indexOf(before);
  const start = first == null ? Math.max(from, to - size) : from;
  const end = first == null ? to : Math.min(to, from + size);
  const edges = items
    .slice(start, end)
    .map((item, index) => ({ cursor: cursorOf(start + index), node: toNode(item) }));
  return {
    totalCount: items.length,
    edges,
    nodes: edges.map(({ node }) => node),
    pageInfo: {
      startCursor: edges[0]?.cursor ?? null,
      endCursor: edges.at(-1)?.cursor ?? null,
      hasNextPage: end < items.length,
      hasPreviousPage: start > 0,
    },
  };
}

function cursorOf(index: number): string {
  return Buffer.from(`cursor:v2:${index}`).toString('base64');
}

function indexOf(cursor: string): number {
  return Number(Buffer.from(cursor, 'base64').toString().split(':')[2]);
}
