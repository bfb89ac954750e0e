import { expect, it } from '@jest/globals';
import { readTraceparent, traceparent, traceparentOf } from './traceparent';

const [TRACE, SPAN] = ['4bf92f3577b34da6a3ce929d0e0e4736', '00f067aa0ba902b7'] as const;

it('is made of a trace, a span and flags, and read again', () => {
  const header = traceparentOf(TRACE, SPAN, 1);
  // As the recommendation's own example: https://www.w3.org/TR/trace-context/#examples-of-http-traceparent-headers
  expect(header).toBe('00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01');
  expect(readTraceparent(header)).toEqual({ traceId: TRACE, spanId: SPAN, flags: 1 });
});

it.each([
  '',
  `01-${TRACE}-${SPAN}-01`,
  `00-${TRACE.toUpperCase()}-${SPAN}-01`,
  `00-${'0'.repeat(32)}-${SPAN}-01`,
  `00-${TRACE}-${'0'.repeat(16)}-01`,
  `00-${TRACE}-${SPAN}-01\n`,
  `00-${TRACE}-${SPAN}-01-more`,
])('%j is none', (header) => {
  expect(readTraceparent(header)).toBeUndefined();
  expect(traceparent.safeParse(header).success).toBe(false);
});
