import { z } from 'zod';
import { visibleText } from '@swe/domain';
import type { CodeReview, Comment, RepoHost, Review, ReviewThread } from '@swe/domain';
import type { DemandRight } from '../agent/demand-right';
import { fenced } from '../agent/fence';
import { defineTool, said } from '../agent/tool';
import type { Tool } from '../agent/tool';
import { pullRequestOf } from './session-pull-request';

export interface ReviewOptions {
  readonly repoHost: Pick<RepoHost, 'pullRequest' | 'issue'>;
  readonly codeReview: Pick<CodeReview, 'reviews' | 'threads'>;
  readonly demandRight: DemandRight;
}

/** Shows what people said of a pull request: reviews, conversations about lines, comments. All of it is untrusted. */
export function readReview({ repoHost, codeReview, demandRight }: ReviewOptions): Tool {
  return defineTool({
    name: 'read_review',
    description:
      'Read what reviewers said of a pull request: its reviews, the threads about lines of it (with their ids), and its comments. Without a URL: of the one you opened last.',
    access: 'reads',
    input: z.object({
      pullRequest: z.string().optional().describe('URL of the pull request.'),
      all: z.boolean().optional().describe('Show resolved threads too.'),
    }),
    async run({ pullRequest: url, all = false }, { session, people }) {
      const ref = pullRequestOf(session, url);
      await demandRight('read', ref.repository, people);
      const [request, { comments }, reviews, threads] = await Promise.all([
        repoHost.pullRequest(ref.repository, ref.number),
        repoHost.issue(ref),
        codeReview.reviews(ref),
        codeReview.threads(ref),
      ]);
      const shown = threads.filter(({ isResolved }) => all || !isResolved);
      const parts = [
        ...reviews.map(asSeen).filter(saysSomething).map(reviewText),
        ...shown.map(threadText),
        ...comments.map(asSeen).map(commentText),
      ];
      const resolved = threads.length - shown.length;
      const head = [
        `${request.url} is ${request.state}, head ${request.headSha.slice(0, 10)}.`,
        ...(resolved === 0
          ? []
          : [`${resolved} resolved thread${resolved === 1 ? ' is' : 's are'} not shown.`]),
      ];
      if (parts.length === 0) return said([...head, 'Nobody has said anything.'].join('\n'));
      return said(`${head.join('\n')}\n${fenced('review', { number: ref.number }, parts.join('\n\n'))}`);
    },
  });
}

/** Each on its own, before they stand together: what one leaves open would hide or unhide what others say. */
function asSeen<T extends { readonly body: string }>(words: T): T {
  return { ...words, body: visibleText(words.body).text };
}

/** A review that only holds threads has no words of its own. */
const saysSomething = ({ state, body }: Review): boolean => state !== 'commented' || body.trim() !== '';

function reviewText({ author, state, body }: Review): string {
  return [`--- review by ${author}: ${state}`, ...(body.trim() === '' ? [] : [body])].join('\n');
}

function threadText({ id, path, line, isResolved, comments }: ReviewThread): string {
  const file = visibleText(path).text;
  const where = line === undefined ? file : `${file}:${line}`;
  const words = comments.map(asSeen).map(({ author, body }) => `${author}: ${body}`);
  return [`--- thread ${id} at ${where}${isResolved ? ', resolved' : ''}`, ...words].join('\n');
}

function commentText({ author, body }: Comment): string {
  return `--- comment by ${author}\n${body}`;
}
