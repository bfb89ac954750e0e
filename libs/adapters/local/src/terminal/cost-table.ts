import { addUsage, noUsage, toUsd } from '@swe/domain';
import type { CostRow, Usage } from '@swe/domain';
import { dollars } from './figures';
import { printable } from './printable';
import { cut } from './width';

/** What model calls cost, a line for each row and one for all of them together. */
export function costTable(rows: readonly CostRow[], columns: number): string {
  const all = rows.reduce(added, { name: 'together', calls: 0, usage: noUsage, nanoUsd: 0, unknownCalls: 0 });
  const names = [...rows, all].map(nameOf);
  const width = Math.min(44, Math.max(...names.map((name) => name.length)));
  const head = ['cost', 'calls', 'read', 'from cache', 'to cache', 'written'];
  const lines = [...rows, all].map((row) => line(cut(nameOf(row), width).padEnd(width), cells(row)));
  const unknown =
    all.unknownCalls === 0
      ? []
      : [
          '',
          `+ ${all.unknownCalls} call(s) are not in it: nobody reported what they used, or knows their price.`,
        ];
  return [line(''.padEnd(width), head), ...lines, ...unknown].map((each) => cut(each, columns)).join('\n');
}

/** A session that worked for another stands below that, set in. */
const nameOf = ({ name, parent }: CostRow): string => `${parent === undefined ? '' : '  '}${printable(name)}`;

function line(name: string, [cost = '', ...figures]: readonly string[]): string {
  return `${name}  ${cost.padStart(10)}${figures.map((each) => each.padStart(12)).join('')}`;
}

function cells({ nanoUsd, calls, usage, unknownCalls }: CostRow): readonly string[] {
  const cost = `${dollars(toUsd(nanoUsd))}${unknownCalls > 0 ? '+' : ''}`;
  return [cost, String(calls), ...tiers(usage).map((tokens) => tokens.toLocaleString('en-US'))];
}

const tiers = ({ inputTokens, cacheReadTokens, cacheWriteTokens, outputTokens }: Usage) => [
  inputTokens,
  cacheReadTokens,
  cacheWriteTokens,
  outputTokens,
];

function added(all: CostRow, { calls, usage, nanoUsd, unknownCalls }: CostRow): CostRow {
  return {
    ...all,
    calls: all.calls + calls,
    usage: addUsage(all.usage, usage),
    nanoUsd: all.nanoUsd + nanoUsd,
    unknownCalls: all.unknownCalls + unknownCalls,
  };
}
