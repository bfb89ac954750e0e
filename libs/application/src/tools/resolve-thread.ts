import { z } from 'zod';
import type { CodeReview } from '@swe/domain';
import type { DemandRight } from '../agent/demand-right';
import { defineTool, said } from '../agent/tool';
import type { Tool } from '../agent/tool';
import { ownPullRequest } from './session-pull-request';

export interface ResolveOptions {
  readonly codeReview: Pick<CodeReview, 'resolve'>;
  readonly demandRight: DemandRight;
}

/** Marks a reviewer's thread as dealt with. */
export function resolveThread({ codeReview, demandRight }: ResolveOptions): Tool {
  return defineTool({
    name: 'resolve_thread',
    description:
      'Mark a thread of a pull request that you opened as resolved, once what it asks for is pushed. Leave it open when you did not do it.',
    access: 'acts',
    resume: 'repeat',
    input: z.object({
      thread: z.string().min(1).describe('The id that read_review gave.'),
      pullRequest: z.string().optional().describe('Its URL. Default: the one you opened last.'),
    }),
    async run({ thread, pullRequest }, { callId, session, people, effect }) {
      const ref = ownPullRequest(session, pullRequest);
      // What whoever opened it may: https://docs.github.com/pull-requests/collaborating-with-pull-requests/reviewing-changes-in-pull-requests/commenting-on-a-pull-request
      await demandRight('read', ref.repository, people);
      await effect(
        `${session.id}/${callId}`,
        `resolve thread ${thread} of pull request ${ref.number}`,
        async () => {
          await codeReview.resolve(ref, thread);
          return { thread };
        },
      );
      return said(`Thread ${thread} is resolved.`);
    },
  });
}
