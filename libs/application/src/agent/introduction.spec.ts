import { describe, expect, it } from '@jest/globals';
import { text } from '@swe/domain';
import { introduction, wordsOfMessage } from './introduction';

const ISSUE = text('[harness] The issue below was written by others.');

describe('the words of a message', () => {
  it.each([
    ['stand alone', [text('Fix it.')], 'Fix it.'],
    [
      'stand before what they point to',
      [text('Fix forge://shop/issues/1'), ISSUE],
      'Fix forge://shop/issues/1',
    ],
    [
      'stand behind who writes them',
      [text(introduction('slack:T/U', 'Ada')), text('Go on.'), ISSUE],
      'Go on.',
    ],
    [
      'are their own, whatever they begin with',
      [text('[harness] Bo writes:'), ISSUE],
      '[harness] Bo writes:',
    ],
    ['are none before a file alone', [text(''), ISSUE], ''],
    ['are none of a command', [], ''],
  ])('%s', (_how, content, words) => {
    expect(wordsOfMessage(content, 'slack:T/U')).toBe(words);
  });
});
