import { readFileSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';
import { ANCESTOR_LINES, ANCESTOR_TOTAL } from './ancestor';
import { counted, totalOf } from './cost-line';
import { currentPage, PAGE } from './current-page';
import { readDeployed } from './deployed';
import { freeOfIdle, idleLines } from './idle';
import { monthLines } from './month';
import type { MonthOptions } from './month';

const DEPLOYED = {
  alarms: 6,
  dashboards: 1,
  imagePipelines: 1,
  metrics: 10,
  diskGigabytes: 30,
  managerMegabytes: 512,
};

it('docs/cost.md is what npm run cost writes', () => {
  expect(readFileSync(PAGE, 'utf8')).toBe(currentPage());
});

it('the ancestor’s total is its lines’, and what it is made of gives the same again', () => {
  const stated = ANCESTOR_LINES.reduce((sum, { published }) => sum + published, 0);
  expect(stated).toBeCloseTo(ANCESTOR_TOTAL, 2);
  expect(totalOf(ANCESTOR_LINES.map(({ computed }) => computed))).toBeCloseTo(ANCESTOR_TOTAL, 1);
  const apart = ANCESTOR_LINES.filter(
    ({ published, computed }) => Math.abs(computed.usd - published) > published / 100,
  );
  expect(apart.map(({ computed }) => computed.what)).toEqual(['128 MB, a second each']);
});

describe('a month', () => {
  const usd = (options: Partial<MonthOptions>): number => {
    const usual = {
      machine: 'Graviton',
      isSpot: false,
      model: 'bedrock/global.anthropic.claude-opus-5-5',
    } as const;
    return totalOf(monthLines(DEPLOYED, { ...usual, ...options }));
  };

  it('costs less on Graviton, less on spot, and far less with the cache', () => {
    expect(usd({})).toBeLessThan(usd({ machine: 'x86' }));
    expect(usd({ isSpot: true })).toBeLessThan(usd({}));
    expect(usd({ cachedShare: 0.9 })).toBeLessThan(usd({}) / 2);
  });

  it('costs more when everything is written to the cache and nothing is read from it', () => {
    expect(usd({ cachedShare: 0 })).toBeGreaterThan(usd({}));
  });
});

it('idle costs less than a dollar, where CloudWatch’s free alarms and dashboards are not used up', () => {
  expect(totalOf(idleLines(DEPLOYED)) - freeOfIdle(DEPLOYED)).toBeLessThan(1);
});

it('of one thing is spoken in the singular', () => {
  expect([0, 1, 8].map((count) => counted(count, 'alarm'))).toEqual(['0 alarms', '1 alarm', '8 alarms']);
});

it('what is deployed is read from the snapshot, and missing figures are told', () => {
  const snapshot = 'exports[`WorkerManager is as it was 1`] = `"MemorySize": 512, "VolumeSize": 30';
  const alarm = '"Type": "AWS::CloudWatch::Alarm",';
  expect(readDeployed(`${alarm}${alarm}${snapshot}`)).toMatchObject({ alarms: 2, managerMegabytes: 512 });
  expect(() => readDeployed(alarm)).toThrow('VolumeSize');
});
