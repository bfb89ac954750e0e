import { describe, expect, it } from '@jest/globals';
import { noUsage, text } from '@swe/domain';
import type { AgentEvent } from '@swe/domain';
import { MemoryTracer } from '@swe/testing/memory';
import { traceActivity } from './trace-activity';

const SAID = 'a secret plan';
const OPENED: AgentEvent = { type: 'session.opened', sessionId: 's1', title: SAID };
const step = (n: number): AgentEvent => ({
  type: 'step.started',
  step: n,
  callNumber: n,
  model: 'scripted/test',
});
const answered = (n: number): AgentEvent => ({
  type: 'step.finished',
  step: n,
  stop: 'tool-use',
  durationMs: 1,
  usage: { ...noUsage, inputTokens: 1, cacheReadTokens: 2, outputTokens: 3 },
});
const tool = (callId: string): readonly AgentEvent[] => [
  { type: 'tool.started', callId, name: 'open_pull_request', input: { body: SAID } },
  { type: 'effect.started', callId, effectKey: `s1/${callId}` },
  { type: 'effect.finished', effectKey: `s1/${callId}`, isError: false },
  {
    type: 'tool.finished',
    callId,
    name: 'open_pull_request',
    content: [text(SAID)],
    isError: false,
    durationMs: 1,
  },
];
const DONE: AgentEvent = { type: 'turn.finished', outcome: { kind: 'answered', replyKey: 'k' } };
const POSTED: AgentEvent = { type: 'post.delivered', effectKey: 'k', body: SAID };

function trace(events: (traceparent: string) => readonly AgentEvent[]) {
  const tracer = new MemoryTracer();
  const received = tracer.start('message.receive');
  received.end();
  const observe = traceActivity(tracer);
  for (const event of events(received.traceparent)) observe(event);
  const byId = new Map(tracer.told.map((span) => [span.spanId, span]));
  /** A span's name behind those that it is below. */
  const path = (spanId: string): string => {
    const { name, parentSpanId } = byId.get(spanId) ?? { name: '(open)', parentSpanId: undefined };
    return parentSpanId === undefined ? name : `${path(parentSpanId)} > ${name}`;
  };
  return { tracer, paths: tracer.told.map(({ spanId }) => path(spanId)) };
}

const admitted = (traceparent: string): AgentEvent => ({
  type: 'message.admitted',
  text: SAID,
  requester: 'local:ada',
  traceparent,
});

it('what is done for a message is below it, from its admission to the answer that people see', () => {
  const { tracer, paths } = trace((traceparent) => [
    OPENED,
    admitted(traceparent),
    step(1),
    answered(1),
    ...tool('c1'),
    step(2),
    answered(2),
    DONE,
    POSTED,
  ]);
  expect(paths.toSorted()).toEqual([
    'message.receive',
    'message.receive > message.admit',
    'message.receive > turn',
    'message.receive > turn > post.deliver',
    'message.receive > turn > step',
    'message.receive > turn > step',
    'message.receive > turn > step > chat scripted/test',
    'message.receive > turn > step > chat scripted/test',
    'message.receive > turn > step > execute_tool open_pull_request',
    'message.receive > turn > step > execute_tool open_pull_request > effect',
  ]);
  expect(new Set(tracer.told.map(({ traceId }) => traceId)).size).toBe(1);
  const chat = tracer.told.find(({ name }) => name.startsWith('chat'));
  expect(chat?.attributes).toMatchObject({
    'gen_ai.request.model': 'scripted/test',
    'gen_ai.usage.input_tokens': 3,
    'gen_ai.usage.output_tokens': 3,
  });
  expect(tracer.told.find(({ name }) => name === 'turn')?.attributes).toEqual({
    'session.id': 's1',
    'swe.outcome': 'answered',
  });
});

it('tells nothing of what was said, written or shown', () => {
  const { tracer } = trace((traceparent) => [
    OPENED,
    admitted(traceparent),
    { type: 'text.streamed', text: SAID },
    step(1),
    { ...answered(1), failure: SAID } as AgentEvent,
    ...tool('c1'),
    { type: 'session.parked', reason: SAID, untilMs: 1 },
    POSTED,
    admitted(traceparent),
    { type: 'turn.finished', outcome: { kind: 'failed', cause: SAID } },
  ]);
  expect(JSON.stringify(tracer.told)).not.toContain(SAID);
});

it('a process that goes on with an open turn goes on with its trace', () => {
  const { paths } = trace((traceparent) => [{ ...OPENED, traceparent }, step(7), answered(7), DONE]);
  expect(paths).toContain('message.receive > turn > step > chat scripted/test');
});

it('a message that joins a turn leads to it from a trace of its own', () => {
  const { tracer } = trace((traceparent) => {
    const other = '00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01';
    return [OPENED, admitted(traceparent), step(1), answered(1), admitted(other), DONE];
  });
  const [first, second] = tracer.told.filter(({ name }) => name === 'message.admit');
  expect(second?.traceId).toBe('4bf92f3577b34da6a3ce929d0e0e4736');
  expect(second?.attributes['swe.turn']).toBe(first?.attributes['swe.turn']);
});

describe('whatever is still open when a turn ends', () => {
  it.each<[string, AgentEvent, string, string | undefined]>([
    ['stopped', { type: 'turn.finished', outcome: { kind: 'stopped' } }, 'stopped', undefined],
    ['failed', { type: 'turn.finished', outcome: { kind: 'failed', cause: SAID } }, 'failed', 'failed'],
    ['parked', { type: 'session.parked', reason: SAID, untilMs: 1 }, 'parked', undefined],
    ['put down', { type: 'session.waiting', reason: SAID, untilMs: 1 }, 'waiting', undefined],
  ])('ends with it: %s', (_how, end, outcome, failure) => {
    const { tracer, paths } = trace((traceparent) => [
      admitted(traceparent),
      step(1),
      { type: 'tool.started', callId: 'c1', name: 'bash', input: {} },
      { type: 'effect.started', callId: 'c1', effectKey: 'k1' },
      end,
    ]);
    expect(paths).toContain('message.receive > turn > step > execute_tool bash > effect');
    expect(paths).toContain('message.receive > turn > step > chat scripted/test');
    expect(tracer.told.at(-1)).toMatchObject({
      name: 'turn',
      attributes: { 'swe.outcome': outcome },
      failure,
    });
  });
});
