import type { Figures } from './figures';
import type { IngressRow } from './ingress';
import { ingressSection } from './ingress-report';

export interface TurnRow {
  readonly entries: number;
  readonly megabytes: number;
  readonly messages: number;
  readonly load: Figures;
  readonly start: Figures;
}

export interface AppendRow {
  readonly entries: number;
  readonly append: Figures;
}

export interface BenchReport {
  readonly machine: string;
  readonly rounds: number;
  readonly turns: readonly TurnRow[];
  readonly appends: readonly AppendRow[];
  readonly ingress: readonly IngressRow[];
}

/** The page with the figures, in Markdown. */
export function reportPage({ machine, rounds, turns, appends, ingress }: BenchReport): string {
  const [shortTurn] = turns;
  const [shortAppend] = appends;
  return `# Long sessions

What a long journal costs. Made by \`npm run bench\`: the real session runner on a real SQLite file that is flushed with every write, with a scripted model, so that nothing but our own work is measured. Each figure is the least and the median of ${rounds} rounds, in which the lengths take turns. That the numbers of statements and of bytes do not grow is held by a test without a clock (\`libs/adapters/local/src/sqlite/long-journal.spec.ts\`).

The journal is that of one job without a compaction: a model call with reasoning, words and a tool call with half a kilobyte to eight of result, four entries a step.

## Ratios

A turn starts after its whole journal is read, so that is proportional to its length; what matters is that an entry costs the same.

| journal | one entry loaded, against the shortest | one appended entry, against the shortest |
| ---: | ---: | ---: |
${lengthsOf(turns, appends)
  .map((entries) => {
    const turn = turns.find((row) => row.entries === entries);
    const append = appends.find((row) => row.entries === entries);
    const load = turn && shortTurn && turn.load.min / turn.entries / (shortTurn.load.min / shortTurn.entries);
    const cost = append && shortAppend && append.append.median / shortAppend.append.median;
    return `| ${count(entries)} | ${ratio(load)} | ${ratio(cost)} |`;
  })
  .join('\n')}

## Times of one machine

${machine}. Other machines differ; disks most of all.

| journal | size | messages sent to the model | journal read: least, median | worker's first look to the first model call: least, median |
| ---: | ---: | ---: | ---: | ---: |
${turns
  .map(
    ({ entries, megabytes, messages, load, start }) =>
      `| ${count(entries)} | ${megabytes.toFixed(1)} MB | ${count(messages)} | ${times(load)} | ${times(start)} |`,
  )
  .join('\n')}

| journal | one append, on the disk: least, median |
| ---: | ---: |
${appends.map(({ entries, append }) => `| ${count(entries)} | ${times(append)} |`).join('\n')}

${ingressSection(ingress, rounds)}

## What these figures do not say

- The model's own time, which is thousands of times longer, and that of its provider's prompt cache.
- How long the first look at a page of a cold disk takes: the file was written just before.
- DynamoDB: there an entry's cost is that of a request.
`;
}

function lengthsOf(...tables: readonly (readonly { readonly entries: number }[])[]): readonly number[] {
  return [...new Set(tables.flat().map(({ entries }) => entries))].sort((a, b) => a - b);
}

const count = (value: number): string => value.toLocaleString('en');
const ratio = (value: number | undefined): string => (value === undefined ? '' : value.toFixed(2));
const times = ({ min, median }: Figures): string => `${milliseconds(min)}, ${milliseconds(median)}`;
const milliseconds = (ms: number): string => `${ms < 10 ? ms.toFixed(2) : ms.toFixed(0)} ms`;
