import { describe, expect, it } from '@jest/globals';
import {
  AGENT_METRICS,
  filterPatternOf,
  INGRESS_METRICS,
  measureLine,
  WORKER_MANAGER_METRICS,
} from './log-metrics';
import type { LogMetric } from './log-metrics';

const counted: LogMetric = { name: 'Found', event: 'thing.found', unit: 'Count' };
const chosen: LogMetric = { ...counted, where: ['outcome', 'failed'] };
const measured: LogMetric = { ...counted, field: 'usage.tokens' };
const split: LogMetric = { ...counted, by: 'kind' };
const errors: LogMetric = { name: 'Errors', by: 'event', unit: 'Count' };

it.each([
  [counted, '{ $.event = "thing.found" }'],
  [chosen, '{ ($.event = "thing.found") && ($.outcome = "failed") }'],
  [measured, '{ ($.event = "thing.found") && ($.usage.tokens >= 0) }'],
  [split, '{ ($.event = "thing.found") && ($.kind = *) }'],
  [errors, '{ ($.level >= 50) && ($.event = *) }'],
])('%j is found by %s', (metric, pattern) => {
  expect(filterPatternOf(metric)).toBe(pattern);
});

describe('a line', () => {
  it.each<[LogMetric, object, number | undefined]>([
    [counted, { event: 'thing.found' }, 1],
    [counted, { event: 'thing.lost' }, undefined],
    [chosen, { event: 'thing.found', outcome: 'failed' }, 1],
    [chosen, { event: 'thing.found', outcome: 'answered' }, undefined],
    [measured, { event: 'thing.found', usage: { tokens: 7 } }, 7],
    [measured, { event: 'thing.found' }, undefined],
    [measured, { event: 'thing.found', usage: { tokens: '7' } }, undefined],
    [split, { event: 'thing.found', kind: 'denied' }, 1],
    [split, { event: 'thing.found' }, undefined],
    [errors, { level: 50, event: 'thing.failed' }, 1],
    [errors, { level: 40, event: 'thing.failed' }, undefined],
  ])('for %j: %j adds %s', (metric, line, value) => {
    expect(measureLine(metric, { ...line })).toBe(value);
  });
});

it.each([
  ['the ingress', INGRESS_METRICS],
  ['the worker manager', WORKER_MANAGER_METRICS],
  ['the agent', AGENT_METRICS],
])('names of %s are each one metric', (_app, metrics) => {
  const names = metrics.map(({ name }) => name);
  expect(new Set(names).size).toBe(names.length);
});
