import { expect, it } from '@jest/globals';
import { openLoopbackOtlp } from './loopback-otlp';

/**
 * As the protocol's own example has it:
 * https://github.com/open-telemetry/opentelemetry-proto/blob/main/examples/trace.json
 */
const EXAMPLE = {
  resourceSpans: [
    {
      resource: { attributes: [{ key: 'service.name', value: { stringValue: 'my.service' } }] },
      scopeSpans: [
        {
          scope: {
            name: 'my.library',
            version: '1.0.0',
            attributes: [{ key: 'my.scope.attribute', value: { stringValue: 'some scope attribute' } }],
          },
          spans: [
            {
              traceId: '5B8EFFF798038103D269B633813FC60C',
              spanId: 'EEE19B7EC3C1B174',
              parentSpanId: 'EEE19B7EC3C1B173',
              name: "I'm a server span",
              startTimeUnixNano: '1544712660000000000',
              endTimeUnixNano: '1544712661000000000',
              kind: 2,
              attributes: [{ key: 'my.span.attr', value: { stringValue: 'some value' } }],
            },
          ],
        },
      ],
    },
  ],
};

it('keeps the spans of the protocol’s own example, and refuses what is something else', async () => {
  const collector = await openLoopbackOtlp();
  const post = (path: string, contentType: string) =>
    fetch(`${collector.endpoint}${path}`, {
      method: 'POST',
      headers: { 'content-type': contentType },
      body: JSON.stringify(EXAMPLE),
    });
  try {
    expect((await post('/v1/traces', 'application/json')).status).toBe(200);
    expect((await post('/v1/traces', 'application/x-protobuf')).status).toBe(415);
    expect((await post('/v1/logs', 'application/json')).status).toBe(404);
    expect(collector.spans).toEqual([
      {
        name: "I'm a server span",
        traceId: '5B8EFFF798038103D269B633813FC60C',
        spanId: 'EEE19B7EC3C1B174',
        parentSpanId: 'EEE19B7EC3C1B173',
        attributes: { 'my.span.attr': 'some value' },
        failure: undefined,
        service: 'my.service',
      },
    ]);
  } finally {
    await collector.close();
  }
});
