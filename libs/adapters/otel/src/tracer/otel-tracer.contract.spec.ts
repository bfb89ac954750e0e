import { expect, it } from '@jest/globals';
import { runContract, tracerContract } from '@swe/testing/contracts';
import { openLoopbackOtlp } from '@swe/testing/servers';
import { OtelTracer } from './otel-tracer';

/** Longer than what is under way is tried again. */
const LAST_MS = 10_000;
const SERVICE = { service: 'test', environment: 'main' };

runContract('OtelTracer', tracerContract, async () => {
  const collector = await openLoopbackOtlp();
  const tracer = new OtelTracer({ ...SERVICE, endpoint: collector.endpoint });
  return {
    subject: {
      tracer,
      told: () => collector.spans,
      goAway: () => collector.fallSilent(),
    },
    close: async () => {
      await collector.close();
      await tracer.flush(LAST_MS);
    },
  };
});

it('says which program a span is of, at an endpoint that ends with a slash', async () => {
  const collector = await openLoopbackOtlp();
  try {
    const tracer = new OtelTracer({ ...SERVICE, endpoint: `${collector.endpoint}/` });
    tracer.start('work').end();
    await tracer.flush(10_000);
    expect(collector.spans).toEqual([expect.objectContaining({ name: 'work', service: 'test' })]);
  } finally {
    await collector.close();
  }
});

it('tells nobody, and nothing fails, where nobody listens', async () => {
  const { endpoint, close } = await openLoopbackOtlp();
  await close();
  const tracer = new OtelTracer({ ...SERVICE, endpoint });
  tracer.start('work').end();
  await expect(tracer.flush(100)).resolves.toBeUndefined();
  await tracer.flush(LAST_MS);
});
