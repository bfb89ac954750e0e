import { expect, it } from '@jest/globals';
import type { InboxItem } from '@swe/domain';
import { marksOf } from './marks-of';

const session = { id: 's1', origin: 'slack:T/C/1.1' };
const itemOf = (seq: number, showsReactions?: boolean): InboxItem => ({
  ...{ seq, revision: 0, messageKey: `m${seq}`, requester: 'slack:T/U', receivedAtMs: 1 },
  body: { kind: 'text', text: 'Go.' },
  ...(showsReactions !== undefined && { showsReactions }),
});

it('messages that no chat can mark, such as those of a terminal, get no mark', () => {
  const items = [itemOf(1), itemOf(2, false), itemOf(3, true)];
  expect(marksOf(session, items, 'done', 7)).toMatchObject([
    { effectKey: 's1/reaction-3', reaction: { messageKey: 'm3', reaction: 'done' }, createdAtMs: 7 },
  ]);
  expect(marksOf(session, items, undefined, 7)).toEqual([]);
});

it('of very many messages the last ones are marked, so that they go into one write', () => {
  const items = Array.from({ length: 130 }, (_, i) => itemOf(i + 1, true));
  const keys = marksOf(session, items, 'working', 7).map(({ effectKey }) => effectKey);
  expect(keys).toHaveLength(20);
  expect(keys.at(-1)).toBe('s1/reaction-130');
});
