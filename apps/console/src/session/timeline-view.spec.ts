import { expect, it } from '@jest/globals';
import { barsOf } from './timeline-view';
import type { Span } from './timeline-view';

const span = (doing: Span['doing'], fromMs: number, toMs: number): Span => ({
  key: `${fromMs}`,
  doing,
  name: '',
  fromMs,
  toMs,
});

it('lays spans beside each other in time, without what was waited for', () => {
  const bars = barsOf([
    span('model', 1_000, 2_000),
    span('tool', 2_000, 4_000),
    span('tool', 2_000, 3_000),
    span('waiting', 4_000, 904_000),
    span('model', 904_000, 905_000),
  ]);
  expect(bars.map(({ doing, start, length }) => [doing, start, length])).toEqual([
    ['model', 0, 0.25],
    ['tool', 0.25, 0.5],
    ['tool', 0.25, 0.25],
    ['waiting', 0.75, 0],
    ['model', 0.75, 0.25],
  ]);
});

it('has nothing to show of nothing', () => {
  expect(barsOf([])).toEqual([]);
});
