import { describe, expect, it } from '@jest/globals';
import { Fault, readTraceparent } from '@swe/domain';
import { MemoryCompute, MemorySessionStore, MemoryStore, MemoryTracer, override } from '@swe/testing/memory';
import { tracedCompute } from './traced-compute';
import { tracedStore } from './traced-store';

const MESSAGE = {
  messageKey: 'm1',
  origin: 'terminal:1',
  requester: 'local:ada',
  addressed: true,
  body: { kind: 'text', text: 'a secret plan' },
  receivedAtMs: 1,
} as const;

function open() {
  const tracer = new MemoryTracer();
  const store = new MemorySessionStore(new MemoryStore());
  const compute = new MemoryCompute();
  return { tracer, store, compute, traced: tracedStore(store, tracer) };
}

describe('a traced store', () => {
  it('begins the trace of a message, and stores it with the message', async () => {
    const { tracer, store, traced } = open();
    const { sessionId } = await traced.receive(MESSAGE);
    const [item] = await store.readInbox(sessionId, 0);
    const place = readTraceparent(item?.traceparent ?? '');
    expect(tracer.told).toEqual([
      expect.objectContaining({
        name: 'message.receive',
        ...{ traceId: place?.traceId, spanId: place?.spanId, parentSpanId: undefined },
        attributes: {
          'swe.chat': 'terminal',
          'swe.message.kind': 'text',
          'session.id': sessionId,
          'swe.message.number': 1,
          'swe.message.duplicate': false,
        },
      }),
    ]);
    expect(JSON.stringify(tracer.told)).not.toContain('secret');
  });

  it('is otherwise the store that it was', async () => {
    const { store, traced } = open();
    const { sessionId } = await traced.receive(MESSAGE);
    expect(await traced.load(sessionId)).toEqual(await store.load(sessionId));
  });

  it('tells with what storing failed, which is thrown as it was', async () => {
    const { tracer, store } = open();
    const full = async () => {
      throw new Fault('throttled', 'not now');
    };
    const traced = tracedStore(override(store, { receive: full }), tracer);
    await expect(traced.receive(MESSAGE)).rejects.toThrow('not now');
    expect(tracer.told.map(({ failure }) => failure)).toEqual(['throttled']);
  });
});

describe('a traced compute', () => {
  it('asks for a machine within the trace of the message that waits for it', async () => {
    const { tracer, store, compute, traced } = open();
    const { sessionId } = await traced.receive(MESSAGE);
    const worker = await tracedCompute(compute, store, tracer).ensure(sessionId, 1);
    expect(worker).toEqual(await compute.describe(sessionId));
    const [received, ensured] = tracer.told;
    expect(ensured).toMatchObject({ name: 'worker.ensure', parentSpanId: received?.spanId });
    expect(ensured?.attributes).toEqual({ 'session.id': sessionId, 'swe.generation': 1 });
  });

  it('asks for it all the same where the store can’t be asked, and says what it was refused with', async () => {
    const { tracer, store, compute } = open();
    const fail = async () => {
      throw new Fault('transient', 'no capacity');
    };
    const blind = override(store, { load: fail });
    await tracedCompute(compute, blind, tracer).ensure('s1', 1);
    await expect(
      tracedCompute(override(compute, { ensure: fail }), store, tracer).ensure('s2', 1),
    ).rejects.toThrow('no capacity');
    expect(tracer.told.map(({ parentSpanId, failure }) => [parentSpanId, failure])).toEqual([
      [undefined, undefined],
      [undefined, 'transient'],
    ]);
  });
});
