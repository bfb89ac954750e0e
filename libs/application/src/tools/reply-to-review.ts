import { z } from 'zod';
import type { CodeReview } from '@swe/domain';
import type { DemandRight } from '../agent/demand-right';
import { defineTool, said } from '../agent/tool';
import type { Tool } from '../agent/tool';
import { ownPullRequest } from './session-pull-request';

export interface ReplyOptions {
  readonly codeReview: Pick<CodeReview, 'reply' | 'findReply'>;
  readonly demandRight: DemandRight;
}

/** Answers a reviewer in their thread, once for each call. */
export function replyToReview({ codeReview, demandRight }: ReplyOptions): Tool {
  return defineTool({
    name: 'reply_to_review',
    description:
      'Answer in a thread of a pull request that you opened. Say what you changed, or why not. Push first.',
    access: 'acts',
    resume: 'repeat',
    input: z.object({
      thread: z.string().min(1).describe('The id that read_review gave.'),
      body: z.string().min(1).max(20_000),
      pullRequest: z.string().optional().describe('Its URL. Default: the one you opened last.'),
    }),
    async run({ thread, body, pullRequest }, { callId, session, people, effect }) {
      const ref = ownPullRequest(session, pullRequest);
      await demandRight('read', ref.repository, people);
      const key = `${session.id}/${callId}`;
      await effect(key, `answer in thread ${thread} of pull request ${ref.number}`, async () => {
        const reply =
          (await codeReview.findReply(ref, thread, key)) ?? (await codeReview.reply(ref, thread, body, key));
        return { id: reply.id };
      });
      return said(`Answered in thread ${thread}.`);
    },
  });
}
