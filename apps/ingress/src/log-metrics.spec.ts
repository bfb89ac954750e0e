import { expect, it } from '@jest/globals';
import { ingressApp } from '@swe/adapter-http/ingress';
import { INGRESS_METRICS, measureLine } from '@swe/config/log-metrics';
import { lineLogger } from '@swe/runtime';

it('every metric of the ingress is measured of lines that it writes', async () => {
  const lines: Record<string, unknown>[] = [];
  const broken = {
    maxBodyBytes: 100,
    handle: async () => {
      throw new Error('the store is a bug away');
    },
  };
  const app = ingressApp({
    posts: { '/slack/events': broken },
    logger: lineLogger((line) => lines.push(JSON.parse(line))),
  });
  const { status } = await app.request('/slack/events', { method: 'POST', body: '{}' });
  expect(status).toBe(500);
  for (const metric of INGRESS_METRICS) {
    const values = lines.flatMap((line) => measureLine(metric, line) ?? []);
    expect([metric.name, values]).toEqual([metric.name, [1]]);
  }
});
