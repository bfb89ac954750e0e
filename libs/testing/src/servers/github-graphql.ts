import { buildSchema, graphqlSync } from 'graphql';
import type { GraphQLError } from 'graphql';
import { z } from 'zod';
import { demandAccess, maySee } from './github-access';
import { formatGraphqlError, graphqlRefusal } from './github-graphql-error';
import {
  actorNode,
  issueCommentNode,
  pullNode,
  repositoryNode,
  reviewCommentNode,
  threadNode,
} from './github-nodes';
import type { ThreadPlace } from './github-nodes';
import { isPullRequest } from './github-pull';
import type { GithubPullRequest } from './github-pull';
import { GithubRefusal } from './github-refusal';
import type { GithubAnswer, GithubCall, GithubRoute } from './github-route';
import { GITHUB_SCHEMA } from './github-schema';
import { nodeId, time } from './github-view';
import { isAtLeast } from './github-entities';
import type { GithubRepository } from './github-entities';

const schema = buildSchema(GITHUB_SCHEMA);

const request = z.object({
  query: z.string(),
  variables: z.record(z.string(), z.unknown()).nullish(),
  operationName: z.string().nullish(),
});

/** https://docs.github.com/en/graphql/guides/forming-calls-with-graphql: one address, and errors with status 200. */
export const GRAPHQL_ROUTES: readonly GithubRoute[] = [
  { method: 'POST', path: '/graphql', need: undefined, run: runGraphql },
];

function runGraphql(call: GithubCall): GithubAnswer {
  if (call.grant === undefined || call.grant.kind === 'app') {
    throw new GithubRefusal(401, 'This endpoint requires you to be authenticated.');
  }
  const given = request.safeParse(call.body);
  if (!given.success) {
    return {
      status: 200,
      body: { errors: [{ message: 'A query attribute must be specified and must be a string.' }] },
    };
  }
  const { query, variables, operationName } = given.data;
  const { data, errors } = graphqlSync({
    schema,
    source: query,
    rootValue: rootOf(call, call.grant.login),
    variableValues: variables ?? {},
    operationName: operationName ?? null,
  });
  return {
    status: 200,
    body: {
      ...(data !== undefined && { data }),
      ...(errors !== undefined && { errors: errors.map(formatted) }),
    },
  };
}

/** A resolver that breaks is a mistake here, and no answer of GitHub's. */
function formatted(error: GraphQLError): object {
  const { originalError } = error;
  if (originalError instanceof GithubRefusal) {
    const type =
      originalError.status === 404
        ? 'NOT_FOUND'
        : originalError.status === 422
          ? 'UNPROCESSABLE'
          : 'FORBIDDEN';
    return { ...formatGraphqlError(error), type };
  }
  if (originalError !== undefined && originalError !== null && error.extensions['type'] === undefined)
    throw originalError;
  return formatGraphqlError(error);
}

interface Input<T> {
  readonly input: T & { readonly clientMutationId?: string };
}

function rootOf(call: GithubCall, by: string): object {
  const { activity } = call;
  const answer = (input: { readonly clientMutationId?: string }, fields: object) => ({
    clientMutationId: input.clientMutationId ?? null,
    ...fields,
  });
  const resolving =
    (isResolved: boolean) =>
    ({ input }: Input<{ threadId: string }>) => {
      const place = threadBy(call, input.threadId);
      // Beyond what reviewing takes: tokens need the right to write contents, people that to push, unless it is theirs.
      demandMutation(call, place.base, 'contents=write', place.issue);
      activity.reviews.resolve(place.base, place.issue, by, place.thread, isResolved);
      return answer(input, { thread: threadNode(call, place) });
    };
  const drafting =
    (isDraft: boolean) =>
    ({ input }: Input<{ pullRequestId: string }>) => {
      const { base, issue } = pullBy(call, input.pullRequestId);
      // Beyond `pull_requests: write`: https://github.com/cli/cli/issues/8910
      demandMutation(call, base, 'contents=write', issue);
      activity.pulls.setDraft(base, issue, by, isDraft);
      return answer(input, { pullRequest: pullNode(call, base, issue) });
    };
  return {
    viewer: () => actorNode(call, by),
    rateLimit: () => rateLimit(call),
    repository: ({ owner, name }: { owner: string; name: string }) => {
      const found =
        call.world.findRepository(`${owner}/${name}`) ?? call.world.renamedFrom(`${owner}/${name}`);
      if (found !== undefined && maySee(call.world, call.grant, found)) return repositoryNode(call, found);
      throw graphqlRefusal(
        'NOT_FOUND',
        `Could not resolve to a Repository with the name '${owner}/${name}'.`,
      );
    },
    node: ({ id }: { id: string }) => nodeBy(call, id),
    nodes: ({ ids }: { ids: readonly string[] }) => ids.map((id) => nodeBy(call, id)),
    resolveReviewThread: resolving(true),
    unresolveReviewThread: resolving(false),
    convertPullRequestToDraft: drafting(true),
    markPullRequestReadyForReview: drafting(false),
    addPullRequestReviewThreadReply: ({
      input,
    }: Input<{ pullRequestReviewThreadId: string; body: string }>) => {
      const place = threadBy(call, input.pullRequestReviewThreadId);
      demandAccess(call.world, call.grant, place.base, {
        permissions: ['pull_requests=write'],
        role: 'read',
      });
      const comment = activity.reviews.reply(place.base, place.issue, by, place.thread, input.body);
      return answer(input, { comment: reviewCommentNode(call, place, comment) });
    },
  };
}

function demandMutation(
  { world, grant }: GithubCall,
  base: GithubRepository,
  permission: string,
  { user }: GithubPullRequest,
): void {
  const isOwn = grant?.login === user && isAtLeast(world.roleOf(user, base), 'read');
  demandAccess(world, grant, base, { permissions: [permission], role: isOwn ? 'read' : 'write' });
}

function rateLimit({ rate, caller }: GithubCall): object {
  const { limit, used, remaining, reset } = rate.state(caller, 'graphql');
  return { cost: 1, limit, used, remaining, resetAt: time(reset * 1_000) };
}

function issues({ world, grant }: GithubCall) {
  return [...world.repositories.values()]
    .filter((base) => maySee(world, grant, base))
    .flatMap((base) => [...base.issues.values()].map((issue) => ({ base, issue })));
}

function pulls(call: GithubCall): readonly Omit<ThreadPlace, 'thread'>[] {
  return issues(call).flatMap(({ base, issue }) => (isPullRequest(issue) ? [{ base, issue }] : []));
}

function threads(call: GithubCall): readonly ThreadPlace[] {
  return pulls(call).flatMap((place) => place.issue.pull.threads.map((thread) => ({ ...place, thread })));
}

function threadBy(call: GithubCall, id: string): ThreadPlace {
  const found = threads(call).find(({ thread }) => nodeId('PRRT', thread.id) === id);
  if (found === undefined) throw noNode(id);
  return found;
}

function pullBy(call: GithubCall, id: string): Omit<ThreadPlace, 'thread'> {
  const found = pulls(call).find(({ base, issue }) => nodeId('PR', base.id, issue.number) === id);
  if (found === undefined) throw noNode(id);
  return found;
}

function nodeBy(call: GithubCall, id: string): object {
  const places = threads(call);
  const thread = places.find((place) => nodeId('PRRT', place.thread.id) === id);
  if (thread !== undefined) return threadNode(call, thread);
  for (const place of places) {
    const comment = place.thread.comments.find((one) => nodeId('PRRC', one.id) === id);
    if (comment !== undefined) return reviewCommentNode(call, place, comment);
  }
  const comment = issues(call)
    .flatMap(({ issue }) => issue.comments)
    .find((one) => nodeId('IC', one.id) === id);
  if (comment !== undefined) return issueCommentNode(call, comment);
  const { base, issue } = pullBy(call, id);
  return pullNode(call, base, issue);
}

const noNode = (id: string): GraphQLError =>
  graphqlRefusal('NOT_FOUND', `Could not resolve to a node with the global id of '${id}'`);
