import { z } from 'zod';
import { Fault, findRepositoryLinks } from '@swe/domain';
import type { IssueRef, RepoHost, Session } from '@swe/domain';
import type { DemandRight } from '../agent/demand-right';
import { defineTool, said } from '../agent/tool';
import type { Tool } from '../agent/tool';

export interface CommentOptions {
  readonly repoHost: Pick<RepoHost, 'comment' | 'findComment'>;
  readonly demandRight: DemandRight;
}

/** Comments on an issue or a pull request of the session's repositories, once for each call. */
export function comment({ repoHost, demandRight }: CommentOptions): Tool {
  return defineTool({
    name: 'comment',
    description:
      'Comment on an issue or pull request of a repository that you work in. For what the people there have to know; what you report in your answers is seen anyway.',
    access: 'acts',
    resume: 'repeat',
    input: z.object({
      on: z.string().min(1).describe('URL of the issue or pull request.'),
      body: z.string().min(1).max(60_000),
    }),
    async run({ on, body }, { callId, session, people, effect }) {
      const ref = targetOf(session, on);
      // Who may read may comment.
      await demandRight('read', ref.repository, people);
      const key = `${session.id}/${callId}`;
      await effect(key, `comment on ${on}`, async () => {
        const written = (await repoHost.findComment(ref, key)) ?? (await repoHost.comment(ref, body, key));
        return { id: written.id };
      });
      return said(`Commented on ${on}.`);
    },
  });
}

function targetOf({ repositories, issue }: Session, url: string): IssueRef {
  const [link] = findRepositoryLinks(url);
  if (link === undefined || link.kind === 'file') {
    throw new Fault('invalid', `${url} is neither an issue's nor a pull request's URL.`);
  }
  const { repository, number } = link;
  if (!repositories.includes(repository) && issue?.repository !== repository) {
    throw new Fault('denied', `You do not work in ${repository}: clone_repository brings it in.`);
  }
  return { repository, number };
}
