import { expect } from '@jest/globals';
import type { CodeReview, PullRequestRef, Review } from '@swe/domain';
import { expectFault } from './expect-fault';
import type { Contract } from './run-contract';

/** A pull request that nobody has reviewed, and what people do to it. */
export interface CodeReviewSubject {
  readonly codeReview: CodeReview;
  readonly ref: PullRequestRef;
  /** Another open pull request of the same repository. */
  readonly otherRef: PullRequestRef;
  submitReview(review: Pick<Review, 'author' | 'state' | 'body'>): Promise<void>;
  /** A review that its author goes on writing, of one comment. */
  beginReview(review: Pick<Review, 'author' | 'body'>): Promise<void>;
  /** Opens a thread about a line by its first comment. */
  openThread(comment: ThreadStart): Promise<void>;
  /** Adds to the thread that the comment `to` opened. */
  answerThread(to: string, answer: { readonly author: string; readonly body: string }): Promise<void>;
}

export interface ThreadStart {
  readonly author: string;
  readonly path: string;
  readonly line: number;
  readonly body: string;
}

/** More than one page of any host's. */
const MANY = 101;
const ADA = { author: 'ada' } as const;
const at = { ...ADA, path: 'src/total.ts', line: 3 } as const;
const UNKNOWN = 'unknown-thread';

export const codeReviewContract = {
  async "all reviews are given, oldest first; one that is not submitted yet is nobody else's to see"(
    subject,
  ) {
    const { codeReview, ref, otherRef, submitReview, beginReview } = subject;
    expect(await codeReview.reviews(ref)).toEqual([]);
    await submitReview({ ...ADA, state: 'changes-requested', body: 'Please test it.' });
    await beginReview({ author: 'bob', body: 'not yet' });
    for (let i = 2; i < MANY; i += 1) await submitReview({ ...ADA, state: 'commented', body: `review ${i}` });
    await submitReview({ ...ADA, state: 'approved', body: '' });
    const reviews = await codeReview.reviews(ref);
    expect(reviews.map(({ body }) => body)).toEqual([
      'Please test it.',
      ...Array.from({ length: MANY - 2 }, (_, i) => `review ${i + 2}`),
      '',
    ]);
    expect(reviews[0]).toMatchObject({ ...ADA, state: 'changes-requested' });
    expect(reviews.at(-1)).toMatchObject({ ...ADA, state: 'approved' });
    expect(new Set(reviews.map(({ id }) => id)).size).toBe(MANY);
    const times = reviews.map(({ submittedAtMs }) => submittedAtMs);
    expect(times).toEqual(times.toSorted((a, b) => a - b));
    expect(await codeReview.threads(ref)).toEqual([]);
    expect(await codeReview.reviews(otherRef)).toEqual([]);
  },

  async 'all threads are given with all their comments, oldest first'(subject) {
    const { codeReview, ref, otherRef, openThread, answerThread } = subject;
    const numbers = Array.from({ length: MANY }, (_, i) => i);
    for (const i of numbers) await openThread({ ...at, body: `thread ${i}` });
    for (const i of numbers.slice(1)) await answerThread('thread 1', { author: 'bob', body: `answer ${i}` });
    const threads = await codeReview.threads(ref);
    expect(threads.map(({ comments }) => comments[0]?.body)).toEqual(numbers.map((i) => `thread ${i}`));
    expect(threads[0]).toMatchObject({ path: at.path, line: at.line, isResolved: false });
    expect(threads[0]?.comments).toHaveLength(1);
    const long = threads[1]?.comments ?? [];
    expect(long.map(({ body }) => body)).toEqual(['thread 1', ...numbers.slice(1).map((i) => `answer ${i}`)]);
    expect(long.slice(0, 2).map(({ author }) => author)).toEqual(['ada', 'bob']);
    const times = long.map(({ createdAtMs }) => createdAtMs);
    expect(times).toEqual(times.toSorted((a, b) => a - b));
    expect(await codeReview.threads(otherRef)).toEqual([]);
  },

  async 'a reply joins its thread, and is found again by the effect key it was written with'(subject) {
    const { codeReview, ref, openThread } = subject;
    await openThread({ ...at, body: 'Why?' });
    await openThread({ ...at, body: 'And this?' });
    const [first = '', second = ''] = (await codeReview.threads(ref)).map(({ id }) => id);
    expect(await codeReview.findReply(ref, first, 'key')).toBeUndefined();
    await codeReview.reply(ref, second, 'elsewhere', 'key');
    await codeReview.reply(ref, first, 'something else', 'other key');
    const reply = await codeReview.reply(ref, first, 'Because.', 'key');
    expect(reply.body).toBe('Because.');
    expect(await codeReview.findReply(ref, first, 'key')).toEqual(reply);
    expect(await codeReview.findReply(ref, first, 'ke')).toBeUndefined();
    const [thread, other] = await codeReview.threads(ref);
    expect(thread?.comments.map(({ body }) => body)).toEqual(['Why?', 'something else', 'Because.']);
    expect(thread?.comments.at(-1)).toEqual(reply);
    expect(other?.comments.map(({ body }) => body)).toEqual(['And this?', 'elsewhere']);
  },

  async 'a thread that is resolved says so, and may be resolved again'({ codeReview, ref, openThread }) {
    await openThread({ ...at, body: 'Why?' });
    await openThread({ ...at, body: 'And this?' });
    const [thread] = await codeReview.threads(ref);
    const resolved = async () => (await codeReview.threads(ref)).map(({ isResolved }) => isResolved);
    await codeReview.resolve(ref, thread?.id ?? '');
    expect(await resolved()).toEqual([true, false]);
    await codeReview.resolve(ref, thread?.id ?? '');
    expect(await resolved()).toEqual([true, false]);
  },

  async 'an unknown pull request or thread is `missing`'({ codeReview, ref, otherRef, openThread }) {
    const unknown = { ...ref, number: 99_999 };
    await expectFault(codeReview.reviews(unknown), 'missing');
    await expectFault(codeReview.threads(unknown), 'missing');
    await expectFault(codeReview.threads({ ...ref, repository: `${ref.repository}-unknown` }), 'missing');
    await openThread({ ...at, body: 'Why?' });
    const [thread] = await codeReview.threads(ref);
    for (const [pull, id] of [
      [ref, UNKNOWN],
      [otherRef, thread?.id ?? ''],
      [unknown, thread?.id ?? ''],
    ] as const) {
      await expectFault(codeReview.reply(pull, id, 'body', 'key'), 'missing');
      await expectFault(codeReview.findReply(pull, id, 'key'), 'missing');
      await expectFault(codeReview.resolve(pull, id), 'missing');
    }
    expect(await codeReview.threads(ref)).toEqual([thread]);
  },
} satisfies Contract<CodeReviewSubject>;
