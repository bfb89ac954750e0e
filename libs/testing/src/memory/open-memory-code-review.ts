import type { CodeReviewSubject } from '../contracts';
import { MemoryCodeReview } from './memory-code-review';

/** A memory code review with what its contract wants beside it. */
export function openMemoryCodeReview(): CodeReviewSubject & { readonly codeReview: MemoryCodeReview } {
  const codeReview = new MemoryCodeReview();
  const ref = { repository: 'memory://shop', number: 1 };
  const otherRef = { ...ref, number: 2 };
  for (const each of [ref, otherRef]) codeReview.addPullRequest(each);
  const opened = new Map<string, string>();
  return {
    codeReview,
    ref,
    otherRef,
    submitReview: async (review) => codeReview.submitReview(ref, review),
    // What is not submitted yet lies with its author.
    beginReview: async () => undefined,
    openThread: async (comment) => void opened.set(comment.body, codeReview.openThread(ref, comment)),
    answerThread: async (to, answer) => void codeReview.answerThread(ref, opened.get(to) ?? '', answer),
  };
}
