import { expect, it } from '@jest/globals';
import { noUsage } from '@swe/domain';
import { costTable } from './cost-table';

const row = (name: string, usd: number) => ({
  ...{ name, calls: 1, usage: noUsage, unknownCalls: 0 },
  nanoUsd: usd * 1_000_000_000,
});

it('sets in what worked for another, below it, and adds up all', () => {
  const rows = [row('s1', 1), { ...row('s2', 2), parent: 's1' }, row('s3', 4)];
  const [, ...lines] = costTable(rows, 120).split('\n');
  expect(lines.map((line) => line.slice(0, 22))).toEqual([
    's1             $1.00  ',
    '  s2           $2.00  ',
    's3             $4.00  ',
    'together       $7.00  ',
  ]);
});
