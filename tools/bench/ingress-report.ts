import type { IngressKind, IngressRow } from './ingress';

const WORDS: Readonly<Record<IngressKind, string>> = {
  empty: 'an empty handler that reads the body',
  mention: 'a mention that opens a session',
  again: 'the same, delivered again',
  reply: 'a reply in its thread',
  command: '`status` in its thread',
  others: 'words for others',
};

/** The ingress' part of the page, in Markdown. */
export function ingressSection(rows: readonly IngressRow[], rounds: number): string {
  const empty = rows.find(({ kind }) => kind === 'empty');
  return `## A Slack event at the ingress

A signed request of somewhat less than a kilobyte, from the web-standard \`Request\` to its \`Response\`: signature, translation, who may, what it is, one write to a store in memory. What a store, a Lambda and HTTP itself take comes on top. One request at a time on one processor, the kinds in turns, ${rounds} rounds.

| event | median | 99 % within | requests per second | median, against the empty handler |
| --- | ---: | ---: | ---: | ---: |
${rows
  .map(
    ({ kind, p50Ms, p99Ms, perSecond }) =>
      `| ${WORDS[kind]} | ${micros(p50Ms)} | ${micros(p99Ms)} | ${Math.round(perSecond).toLocaleString('en')} | ${(p50Ms / (empty?.p50Ms ?? NaN)).toFixed(1)} |`,
  )
  .join('\n')}`;
}

const micros = (ms: number): string => `${Math.round(ms * 1_000).toLocaleString('en')} µs`;
