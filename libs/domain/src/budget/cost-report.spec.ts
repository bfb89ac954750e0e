import { expect, it } from '@jest/globals';
import type { JournalEntry } from '../session/journal-entry';
import { createCostReport } from './cost-report';
import type { CostKey } from './cost-report';
import { BUILT_IN_MODELS } from './model-catalog';
import { pricesOf } from './price';
import { noUsage } from './usage';

const priceOf = pricesOf(BUILT_IN_MODELS);
const [NOVEMBER, DECEMBER] = [Date.UTC(2026, 10, 30, 23, 59), Date.UTC(2026, 11, 1)];
const MILLION = 1_000_000;
const USD = 1_000_000_000;

function call(model: string, atMs: number, outputTokens: number | undefined): JournalEntry {
  const usage = outputTokens === undefined ? {} : { usage: { ...noUsage, outputTokens } };
  return {
    ...{ kind: 'model-call-finished', seq: 1, v: 1, atMs, callNumber: 1, model, content: [] },
    ...{ stop: 'end-turn', durationMs: 0 },
    ...usage,
  } as JournalEntry;
}

const opus = 'anthropic/claude-opus-5-5';
const CALLS = [
  ['s1', 'slack:T/ADA', call(opus, NOVEMBER, MILLION)],
  ['s1', 'slack:T/ADA', call('anthropic/nobody-knows', NOVEMBER, MILLION)],
  ['s2', 'github:bob', call(opus, DECEMBER, 2 * MILLION)],
  ['s2', 'github:bob', call(opus, DECEMBER, undefined)],
] as const;

it.each<[CostKey, readonly (readonly [name: string, usd: number, calls: number, unknown: number])[]]>([
  [
    'session',
    [
      ['s2', 40, 2, 1],
      ['s1', 20, 2, 1],
    ],
  ],
  [
    'requester',
    [
      ['github:bob', 40, 2, 1],
      ['slack:T/ADA', 20, 2, 1],
    ],
  ],
  [
    'month',
    [
      ['2026-12', 40, 2, 1],
      ['2026-11', 20, 2, 1],
    ],
  ],
  [
    'model',
    [
      [opus, 60, 3, 1],
      ['anthropic/nobody-knows', 0, 1, 1],
    ],
  ],
])('costs by %s, the dearest first; what nobody knows is counted apart', (by, expected) => {
  const report = createCostReport(by, priceOf);
  for (const [id, requester, entry] of CALLS) report.add({ id, requester }, entry);
  const told = report.rows().map((row) => [row.name, row.nanoUsd / USD, row.calls, row.unknownCalls]);
  expect(told).toEqual(expected);
});

it('costs of one month are of that month alone', () => {
  const report = createCostReport('session', priceOf, '2026-11');
  for (const [id, requester, entry] of CALLS) report.add({ id, requester }, entry);
  expect(report.rows().map(({ name }) => name)).toEqual(['s1']);
});

it('a call that its process did not live to see the end of is counted apart, in the month in which it began', () => {
  const started = (atMs: number): JournalEntry => ({
    kind: 'model-call-started',
    seq: 1,
    v: 1,
    atMs,
    callNumber: 1,
    model: opus,
  });
  const report = createCostReport('month', priceOf);
  const bob = { id: 's2', requester: 'github:bob' };
  for (const entry of [
    started(NOVEMBER),
    started(NOVEMBER),
    call(opus, DECEMBER, MILLION),
    started(DECEMBER),
  ])
    report.add(bob, entry);
  const expected = [
    ['2026-11', 20, 2, 1],
    ['2026-12', 0, 1, 1],
  ];
  for (let time = 0; time < 2; time += 1) {
    const told = report.rows().map((row) => [row.name, row.nanoUsd / USD, row.calls, row.unknownCalls]);
    expect(told).toEqual(expected);
  }
});

it('a session is followed by those that worked for it, and its family stands where all of it costs so much', () => {
  const report = createCostReport('session', priceOf);
  const add = (id: string, outputTokens: number, parent?: string): void =>
    report.add(
      { id, requester: 'key:k', ...(parent !== undefined && { parent }) },
      call(opus, NOVEMBER, outputTokens),
    );
  add('alone', 2 * MILLION);
  add('child-1', MILLION, 'parent');
  add('parent', MILLION);
  add('child-2', 1.5 * MILLION, 'parent');
  expect(report.rows().map(({ name, parent }) => [name, parent])).toEqual([
    ['parent', undefined],
    ['child-2', 'parent'],
    ['child-1', 'parent'],
    ['alone', undefined],
  ]);
});
