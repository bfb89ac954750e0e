import { describe, expect, it } from '@jest/globals';
import type { NewJournalEntry } from '../session/journal-entry';
import { text } from './content';
import { effortAfter } from './effort-policy';
import type { Effort } from './effort-policy';

const said = (...words: string[]): NewJournalEntry => ({
  kind: 'message-admitted',
  atMs: 0,
  inboxSeq: 1,
  requester: 'local:ada',
  content: words.map(text),
});
const toolSaid = (words: string): NewJournalEntry => ({
  kind: 'tool-finished',
  atMs: 0,
  callId: 'call-1-1',
  name: 'read',
  content: [text(words)],
  isError: false,
  durationMs: 1,
});
const ended: NewJournalEntry = {
  kind: 'state-changed',
  atMs: 0,
  from: 'working',
  to: 'waiting',
  outcome: { kind: 'answered', replyKey: 'k' },
};
const parked: NewJournalEntry = { kind: 'state-changed', atMs: 0, from: 'working', to: 'waiting' };

describe('the effort', () => {
  it.each<[string, readonly NewJournalEntry[], Effort]>([
    ['is the usual one', [], 'usual'],
    ['is the usual one for usual words', [said('Think about it.')], 'usual'],
    ['is the highest for the word', [said('Fix it. Ultrathink!')], 'highest'],
    ['is not raised by a longer word', [said('ultrathinking')], 'usual'],
    ['stays while the turn goes on', [said('ultrathink'), toolSaid('x'), said('And thank Ada.')], 'highest'],
    ['stays while the turn is parked', [said('ultrathink'), parked], 'highest'],
    ['ends with the turn', [said('ultrathink'), ended], 'usual'],
    ['is raised by a message that came meanwhile', [said('Fix it.'), said('ultrathink')], 'highest'],
    ['is not raised by what tools say', [said('Fix it.'), toolSaid('ultrathink')], 'usual'],
    ['is not raised by the issue of a message', [said('Fix it.', 'ultrathink')], 'usual'],
  ])('%s', (_name, entries, effort) => {
    expect(entries.reduce(effortAfter, 'usual')).toBe(effort);
  });
});
