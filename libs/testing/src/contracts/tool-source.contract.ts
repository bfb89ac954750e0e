import { expect } from '@jest/globals';
import { text } from '@swe/domain';
import type { OutsideResult, ToolSource } from '@swe/domain';
import { scriptedTool } from '../memory/open-memory-tool-source';
import type { ScriptedToolServer } from '../memory/scripted-tool-server';
import type { Contract } from './run-contract';

export interface ToolSourceSubject {
  /** Of the servers below, under these names. */
  readonly source: ToolSource;
  /** `shop` has the tools `sell` and, only reading, `find`; `atlas` has `locate`. */
  readonly servers: { readonly shop: ScriptedToolServer; readonly atlas: ScriptedToolServer };
  /** Lets time pass, and everything that is on its way arrive. */
  pass(ms: number): Promise<void>;
  readonly startTimeoutMs: number;
  readonly callTimeoutMs: number;
  readonly maxAnswerBytes: number;
}

const unaborted = (): AbortSignal => new AbortController().signal;
const SELL = { server: 'shop', tool: 'sell', input: { what: 'é' } };
const DONE: OutsideResult = { content: [text('done')], isError: false };

const namesIn = async ({ source }: ToolSourceSubject) =>
  (await source.list(unaborted())).tools.map(({ server, name }) => `${server}/${name}`);

export const toolSourceContract = {
  async 'list gives the tools of every server, by server and then by name'(subject) {
    const { tools, troubles } = await subject.source.list(unaborted());
    expect(tools).toEqual([
      { server: 'atlas', ...scriptedTool('locate') },
      { server: 'shop', ...scriptedTool('find', { readsOnly: true }) },
      { server: 'shop', ...scriptedTool('sell') },
    ]);
    expect(troubles).toEqual([]);
    expect((await subject.source.list(unaborted())).tools).toEqual(tools);
    expect([subject.servers.shop.starts, subject.servers.atlas.starts]).toEqual([1, 1]);
  },

  async 'a server that is not up by its start deadline is told as a trouble, and the tools of the others are listed'({
    source,
    servers,
    pass,
    startTimeoutMs,
  }) {
    servers.atlas.isMute = true;
    const listing = source.list(unaborted());
    await pass(startTimeoutMs);
    const { tools, troubles } = await listing;
    expect(tools.map(({ name }) => name)).toEqual(['find', 'sell']);
    expect(troubles).toEqual([{ server: 'atlas', reason: expect.any(String) }]);
  },

  async 'a call gives what the tool gave, and whether that is an error'({ source, servers }) {
    const picture = {
      type: 'file',
      name: 'p',
      declaredAs: 'image/png',
      bytes: new Uint8Array([0, 255, 7]),
    } as const;
    const first = source.call(SELL, unaborted());
    const call = await servers.shop.called();
    expect(call).toMatchObject({ tool: 'sell', input: { what: 'é' } });
    call.answer({ content: [text('été'), picture, text('')], isError: false });
    expect(await first).toEqual({
      content: [text('été'), { ...picture, name: expect.any(String) }, text('')],
      isError: false,
    });

    const second = source.call(SELL, unaborted());
    (await servers.shop.called()).answer({ content: [text('sold out')], isError: true });
    expect(await second).toEqual({ content: [text('sold out')], isError: true });
  },

  async 'a call of an unknown server or tool is an error'({ source }) {
    for (const call of [
      { ...SELL, tool: 'steal' },
      { ...SELL, server: 'nowhere' },
    ]) {
      const { isError, content } = await source.call(call, unaborted());
      expect([isError, content.length]).toEqual([true, 1]);
    }
  },

  async 'a call without an answer by its deadline is an error, and its server is told'({
    source,
    servers,
    pass,
    callTimeoutMs,
  }) {
    let ended = false;
    const result = source.call(SELL, unaborted()).finally(() => (ended = true));
    const call = await servers.shop.called();
    await pass(callTimeoutMs - 1);
    expect([ended, call.isCancelled]).toEqual([false, false]);
    await pass(1);
    expect((await result).isError).toBe(true);
    await pass(0);
    expect(call.isCancelled).toBe(true);
    // What comes too late is nobody's.
    call.answer(DONE);
    const next = source.call(SELL, unaborted());
    (await servers.shop.called()).answer(DONE);
    expect(await next).toEqual(DONE);
  },

  async 'progress moves the deadline of a call'({ source, servers, pass, callTimeoutMs }) {
    const result = source.call(SELL, unaborted());
    const call = await servers.shop.called();
    for (let i = 0; i < 3; i += 1) {
      await pass(callTimeoutMs - 1);
      call.progress();
    }
    await pass(callTimeoutMs - 1);
    call.answer(DONE);
    expect(await result).toEqual(DONE);
  },

  async 'an abort ends a call, and its server is told'({ source, servers, pass }) {
    const stop = new AbortController();
    const result = source.call(SELL, stop.signal);
    const call = await servers.shop.called();
    stop.abort();
    expect((await result).isError).toBe(true);
    await pass(0);
    expect(call.isCancelled).toBe(true);
  },

  async 'a server that dies in a call makes that an error, and is started again for a later one'({
    source,
    servers,
    pass,
    callTimeoutMs,
  }) {
    const result = source.call(SELL, unaborted());
    (await servers.shop.called()).die();
    expect((await result).isError).toBe(true);
    await pass(callTimeoutMs);
    const next = source.call(SELL, unaborted());
    await pass(0);
    expect(servers.shop.starts).toBe(2);
    (await servers.shop.called()).answer(DONE);
    expect(await next).toEqual(DONE);
  },

  async 'a server that keeps dying is started less and less often'({ source, servers, pass }) {
    const startsWithin = async (seconds: number): Promise<number> => {
      const before = servers.shop.starts;
      for (let i = 0; i < seconds; i += 1) {
        const started = servers.shop.starts;
        const result = source.call(SELL, unaborted());
        await pass(0);
        if (servers.shop.starts > started) (await servers.shop.called()).die();
        expect((await result).isError).toBe(true);
        await pass(1_000);
      }
      return servers.shop.starts - before;
    };
    const [early, late] = [await startsWithin(10), await startsWithin(10)];
    expect(early).toBeLessThan(6);
    expect(late).toBeLessThan(early);
  },

  async 'tools that changed while others are called are listed the next time'(subject) {
    const { servers, pass } = subject;
    expect(await namesIn(subject)).toEqual(['atlas/locate', 'shop/find', 'shop/sell']);
    servers.shop.offer([scriptedTool('rent'), scriptedTool('buy')]);
    await pass(0);
    expect(await namesIn(subject)).toEqual(['atlas/locate', 'shop/buy', 'shop/rent']);
  },

  async 'an answer that is too large is an error'({ source, servers, pass, maxAnswerBytes, callTimeoutMs }) {
    const result = source.call(SELL, unaborted());
    const call = await servers.shop.called();
    call.answer({ content: [text('x'.repeat(maxAnswerBytes + 1))], isError: false });
    const { isError, content } = await result;
    expect(isError).toBe(true);
    expect(JSON.stringify(content).length).toBeLessThan(1_000);
    await pass(callTimeoutMs);
    const next = source.call(SELL, unaborted());
    (await servers.shop.called()).answer(DONE);
    expect(await next).toEqual(DONE);
  },
} satisfies Contract<ToolSourceSubject>;
