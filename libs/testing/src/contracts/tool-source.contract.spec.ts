import type { OutsideResult, ToolSource } from '@swe/domain';
import { openMemoryToolSource } from '../memory/open-memory-tool-source';
import { override } from '../memory/override';
import { proveBites } from './run-contract';
import { toolSourceContract } from './tool-source.contract';
import type { ToolSourceSubject } from './tool-source.contract';

function broken(changesOf: (subject: ToolSourceSubject) => Partial<ToolSource>) {
  return (): { subject: ToolSourceSubject } => {
    const subject = openMemoryToolSource();
    return { subject: { ...subject, source: override<ToolSource>(subject.source, changesOf(subject)) } };
  };
}

const never = (): AbortSignal => new AbortController().signal;
const NOTHING: OutsideResult = { content: [], isError: true };

/** Answers with an error at once, whatever the server does, so that it is never told of anything. */
const unheard = broken(({ source }) => ({
  call: (call, signal) => {
    const result = source.call(call, never());
    const aborted = new Promise<OutsideResult>((resolve) =>
      signal.addEventListener('abort', () => resolve(NOTHING)),
    );
    return Promise.race([result, aborted]);
  },
}));

proveBites('ToolSource', toolSourceContract, {
  'list gives the tools of every server, by server and then by name': broken(({ source }) => ({
    list: async (signal) => {
      const { tools, troubles } = await source.list(signal);
      return { tools: tools.toReversed(), troubles };
    },
  })),
  'a server that is not up by its start deadline is told as a trouble, and the tools of the others are listed':
    broken(({ source }) => ({ list: async (signal) => ({ ...(await source.list(signal)), troubles: [] }) })),
  'a call gives what the tool gave, and whether that is an error': broken(({ source }) => ({
    call: async (call, signal) => ({ ...(await source.call(call, signal)), isError: false }),
  })),
  'a call of an unknown server or tool is an error': broken(({ source }) => ({
    call: async (call, signal) => ({ ...(await source.call(call, signal)), isError: false }),
  })),
  'a call without an answer by its deadline is an error, and its server is told': broken((subject) => ({
    call: async (call, signal) => {
      const result = subject.source.call(call, signal);
      // Gives up in its own mind only, and a little early.
      const late = subject.pass(subject.callTimeoutMs - 1).then(() => NOTHING);
      return Promise.race([result, late]);
    },
  })),
  'progress moves the deadline of a call': () => {
    const subject = openMemoryToolSource();
    const called = subject.servers.shop.called.bind(subject.servers.shop);
    // Its words about progress are lost.
    subject.servers.shop.called = async () => ({ ...(await called()), progress: () => undefined });
    return { subject };
  },
  'an abort ends a call, and its server is told': unheard,
  'a server that dies in a call makes that an error, and is started again for a later one': broken(
    ({ source, servers }) => ({
      call: async (call, signal) => (servers.shop.starts === 1 ? NOTHING : source.call(call, signal)),
    }),
  ),
  'a server that keeps dying is started less and less often': () => {
    const subject = openMemoryToolSource();
    // Its pauses are over before anybody looks.
    return { subject: { ...subject, pass: (ms: number) => subject.pass(ms * 10_000) } };
  },
  'tools that changed while others are called are listed the next time': broken(({ source }) => {
    let first: ReturnType<ToolSource['list']> | undefined;
    return { list: (signal) => (first ??= source.list(signal)) };
  }),
  'an answer that is too large is an error': broken(({ source }) => ({
    call: async (call, signal) => ({ ...(await source.call(call, signal)), isError: false }),
  })),
});
