import { expect, it } from '@jest/globals';
import { openLoopbackOtlp } from '@swe/testing/servers';
import { flushedBefore, openTracer } from './tracer';

const OF = { service: 'test', environment: 'main' };

it('without an endpoint nothing is traced, and a function stays as it is', async () => {
  const tracer = await openTracer({ ...OF, endpoint: undefined });
  expect(tracer).toBeUndefined();
  const handler = async () => 'answer';
  expect(flushedBefore(handler, tracer, 1)).toBe(handler);
});

it('spans are told before a function answers, also when it fails', async () => {
  const collector = await openLoopbackOtlp();
  try {
    const tracer = await openTracer({ ...OF, endpoint: collector.endpoint });
    const handler = async (fails: boolean) => {
      tracer?.start('work').end();
      if (fails) throw new Error('no');
      return 'answer';
    };
    const flushed = flushedBefore(handler, tracer, 10_000);
    expect(await flushed(false)).toBe('answer');
    expect(collector.spans).toHaveLength(1);
    await expect(flushed(true)).rejects.toThrow('no');
    expect(collector.spans).toHaveLength(2);
  } finally {
    await collector.close();
  }
});

it('a collector that does not answer keeps nobody from an answer', async () => {
  const collector = await openLoopbackOtlp();
  collector.fallSilent();
  try {
    const tracer = await openTracer({ ...OF, endpoint: collector.endpoint });
    const handler = async () => {
      tracer?.start('work').end();
      return 'answer';
    };
    expect(await flushedBefore(handler, tracer, 20)()).toBe('answer');
  } finally {
    await collector.close();
  }
});
