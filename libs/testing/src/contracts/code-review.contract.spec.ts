import type { CodeReview } from '@swe/domain';
import type { MemoryCodeReview } from '../memory/memory-code-review';
import { openMemoryCodeReview } from '../memory/open-memory-code-review';
import { codeReviewContract } from './code-review.contract';
import type { CodeReviewSubject } from './code-review.contract';
import { override } from '../memory/override';
import { proveBites } from './run-contract';

function broken(changesOf: (codeReview: MemoryCodeReview) => Partial<CodeReview>) {
  return (): { subject: CodeReviewSubject } => {
    const { codeReview, ...subject } = openMemoryCodeReview();
    return { subject: { ...subject, codeReview: override<CodeReview>(codeReview, changesOf(codeReview)) } };
  };
}

proveBites('CodeReview', codeReviewContract, {
  "all reviews are given, oldest first; one that is not submitted yet is nobody else's to see": broken(
    (codeReview) => ({ reviews: async (ref) => (await codeReview.reviews(ref)).slice(0, 30) }),
  ),
  'all threads are given with all their comments, oldest first': broken((codeReview) => ({
    threads: async (ref) =>
      (await codeReview.threads(ref)).map((thread) => ({
        ...thread,
        comments: thread.comments.slice(0, 100),
      })),
  })),
  'a reply joins its thread, and is found again by the effect key it was written with': broken(
    (codeReview) => ({
      findReply: async (ref, threadId) =>
        (await codeReview.threads(ref)).find(({ id }) => id === threadId)?.comments[1],
    }),
  ),
  'a thread that is resolved says so, and may be resolved again': broken((codeReview) => ({
    threads: async (ref) =>
      (await codeReview.threads(ref)).map((thread) => ({ ...thread, isResolved: false })),
  })),
  'an unknown pull request or thread is `missing`': broken((codeReview) => ({
    resolve: (ref, threadId) => codeReview.resolve(ref, threadId).catch(() => undefined),
  })),
});
