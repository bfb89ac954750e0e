import { expect, it } from '@jest/globals';
import { handleStream } from '@swe/adapter-aws/dynamodb';
import { propertiesOf, templateOf } from './variants';

type Pattern =
  { readonly [key: string]: Pattern } | readonly (string | boolean | { readonly prefix: string })[];

/** https://docs.aws.amazon.com/lambda/latest/dg/invocation-eventfiltering.html, as far as the filters go. */
function matches(pattern: Pattern, value: unknown): boolean {
  if (Array.isArray(pattern)) {
    return pattern.some((rule) =>
      typeof rule === 'object' ? String(value).startsWith(rule.prefix) : rule === value,
    );
  }
  const fields = (value ?? {}) as Readonly<Record<string, unknown>>;
  return Object.entries(pattern).every(([key, below]) => key in fields && matches(below, fields[key]));
}

const [mapping] = propertiesOf(templateOf('WorkerManager'), 'AWS::Lambda::EventSourceMapping');
const { Filters } = mapping?.['FilterCriteria'] as { Filters: readonly { Pattern: string }[] };
const patterns = Filters.map(({ Pattern }) => JSON.parse(Pattern) as Pattern);

const ITEMS: readonly (readonly [pk: string, sk: string, image: object])[] = [
  ['session/s1', 'inbox/000000000001', {}],
  ['session/s1', 'outbox/a', { isUnleased: { BOOL: true } }],
  ['session/s1', 'outbox/a', { isUnleased: { BOOL: false } }],
  ['session/s1', 'outbox/a', {}],
  ['session/s1', 'session', {}],
  ['session/s1', 'journal/000000000001', { isUnleased: { BOOL: true } }],
  ['seen/inbox/1', 'seen', {}],
  ['seen/1', 'inbox/1', {}],
  ['ledger/all', 'totals', {}],
];

const RECORDS = ITEMS.flatMap(([pk, sk, NewImage]) =>
  ['INSERT', 'MODIFY', 'REMOVE'].map((eventName) => {
    const Keys = { pk: { S: pk }, sk: { S: sk } };
    return { eventName, eventSource: 'aws:dynamodb', dynamodb: { SequenceNumber: '1', Keys, NewImage } };
  }),
);

it.each(RECORDS)('the filter lets through what the manager looks at: $eventName %j', async (record) => {
  const looked: string[] = [];
  await handleStream(
    { Records: [record] },
    { look: async (sessionId) => looked.push(sessionId) > 0, logger: { error: () => undefined } },
  );
  expect(patterns.some((pattern) => matches(pattern, record))).toBe(looked.length > 0);
});

it('something passes, and something does not', () => {
  const passed = RECORDS.filter((record) => patterns.some((pattern) => matches(pattern, record)));
  expect(passed.map(({ dynamodb }) => dynamodb.Keys.sk.S)).toEqual(['inbox/000000000001', 'outbox/a']);
});
