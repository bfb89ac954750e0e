import { expect, it } from '@jest/globals';
import { isWorthShowing } from './status-pace-policy';

const words = { state: 'Working', doing: 'bash `npm test`', plan: '- [ ] Fix', figures: '3 min' };

it.each([
  ['nothing new', {}, {}, 1e9, false],
  ['another state', {}, { state: 'Done', doing: '' }, 0, true],
  ['a step of the plan', {}, { plan: '- [x] Fix' }, 0, true],
  ['the next tool, at once', {}, { doing: 'read_file' }, 2_999, false],
  ['the next tool', {}, { doing: 'read_file' }, 3_000, true],
  ['the first tool after thought', { doing: '' }, { doing: 'read_file' }, 0, true],
  ['thought again, for a moment', {}, { doing: '' }, 9_999, false],
  ['thought again', {}, { doing: '' }, 10_000, true],
  ['figures', {}, { figures: '4 min' }, 29_999, false],
  ['figures after a while', {}, { figures: '4 min' }, 30_000, true],
])('%s', (_what, shown, next, ageMs, isShown) => {
  const before = { words: { ...words, ...shown }, atMs: 1_000 };
  expect(isWorthShowing(before, { ...before.words, ...next }, 1_000 + ageMs)).toBe(isShown);
});
