import type { Tracer } from '@swe/domain';
import { MemoryTracer } from '../memory/memory-tracer';
import { openMemoryTracer } from '../memory/open-memory-tracer';
import { override } from '../memory/override';
import { proveBites } from './run-contract';
import { tracerContract } from './tracer.contract';
import type { TracerSubject } from './tracer.contract';

function broken(changesOf: (tracer: MemoryTracer) => Partial<Tracer>) {
  return (): { subject: TracerSubject } => {
    const tracer = new MemoryTracer();
    return {
      subject: { ...openMemoryTracer(tracer), tracer: override<Tracer>(tracer, changesOf(tracer)) },
    };
  };
}

proveBites('Tracer', tracerContract, {
  'a span without a parent begins a trace': broken((tracer) => {
    const root = tracer.start('root');
    return { start: (name) => tracer.start(name, { parent: root.traceparent }) };
  }),
  'a span with a parent is in its trace, below it': broken((tracer) => ({
    start: (name) => tracer.start(name),
  })),
  'what is no `traceparent` is no parent': broken((tracer) => ({
    start: (name, options) => {
      if (options?.parent === 'not a trace') throw new Error('invalid parent');
      return tracer.start(name, options);
    },
  })),
  'a span is told once, when it has ended, with all that was set until then': broken((tracer) => ({
    start: (name, options) => {
      const span = tracer.start(name, options);
      return { ...span, set: () => undefined };
    },
  })),
  'a failed span tells with what': broken((tracer) => ({
    start: (name, options) => {
      const span = tracer.start(name, options);
      return { ...span, end: () => span.end() };
    },
  })),
  '`flush` has told whatever ended before it': broken((tracer) => {
    // A queue that is full drops what comes on top.
    let spans = 0;
    return {
      start: (name, options) => {
        const span = tracer.start(name, options);
        return { ...span, end: () => void ((spans += 1) <= 100 && span.end()) };
      },
    };
  }),
  '`flush` ends in time, and well, when nobody takes what is told': broken(() => ({
    flush: async () => {
      throw new Error('the collector is gone');
    },
  })),
});
