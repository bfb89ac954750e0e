import { afterEach, describe, expect, it } from '@jest/globals';
import { offerOf } from '@swe/domain';
import type { JsonObject, OutsideResult } from '@swe/domain';
import { ManualClock } from '@swe/testing/memory';
import { NEVER, programThat, sourceOf } from './mcp-fixture';
import type { Behaviour } from './mcp-fixture';
import type { McpToolSource } from './mcp-tool-source';
import type { RunningProgram } from './server-program';

const CALL = { server: 'hostile', tool: 'do', input: {} };
const TOOL = { name: 'do', inputSchema: { type: 'object' } };

let source: McpToolSource;
afterEach(() => source.close());

function open(
  program: () => RunningProgram,
  over: JsonObject = {},
  clock = new ManualClock(),
): McpToolSource {
  const servers = { hostile: { command: 'x', ...over } };
  const maxAnswerBytes = 2_000_000;
  return (source = sourceOf({ servers, clock, maxAnswerBytes, startProgram: async () => program() }));
}

const behaving = (behave: Behaviour, over?: JsonObject) => open(() => programThat(behave), over);
const wordsOf = ({ content }: OutsideResult): string => JSON.stringify(content);

async function settle(): Promise<void> {
  for (let turn = 0; turn < 30; turn += 1) await new Promise((resolve) => setImmediate(resolve));
}

describe('a hostile tool server', () => {
  it('that prints a gigabyte is ended after the first of it', async () => {
    let printed = 0;
    let ended = 0;
    open(() => {
      const program = programThat(() => undefined);
      const megabyte = Buffer.alloc(1024 * 1024, 'x');
      async function* endless() {
        const [introduction] = await Array.fromAsync(firstOf(program.output));
        yield introduction ?? megabyte;
        for (; printed < 1024; printed += 1) yield megabyte;
      }
      return { ...program, output: endless(), end: async () => void (ended += 1) };
    });
    const result = await source.call(CALL, NEVER);
    expect(result.isError).toBe(true);
    expect(wordsOf(result)).toContain('a message of more than 2000000 bytes');
    expect(printed).toBeLessThan(5);
    expect(ended).toBeGreaterThan(0);
  });

  it('with ten thousand tools does not flood the prompt', async () => {
    const tools = Array.from({ length: 10_000 }, (_, i) => ({
      ...TOOL,
      name: `do-${i}`,
      description: 'x'.repeat(50),
    }));
    behaving(() => ({ tools }));
    const listing = await source.list(NEVER);
    expect(listing.tools).toHaveLength(10_000);
    expect(JSON.stringify(offerOf(listing.tools).direct.map(({ spec }) => spec)).length).toBeLessThan(50_000);
  });

  it('with pages without end is read to where it is enough', async () => {
    let pages = 0;
    const page = () => Array.from({ length: 1_000 }, (_, i) => ({ ...TOOL, name: `do-${pages}-${i}` }));
    behaving(() => {
      pages += 1;
      return { tools: page(), nextCursor: `page ${pages}` };
    });
    expect((await source.list(NEVER)).tools).toHaveLength(10_000);
    expect(pages).toBe(10);
  });

  it('with descriptions without end is read to where it is enough', async () => {
    let pages = 0;
    behaving(() => {
      pages += 1;
      const tools = [{ ...TOOL, name: `do-${pages}`, description: 'x'.repeat(1_000_000) }];
      return { tools, nextCursor: `page ${pages}` };
    });
    const { tools, troubles } = await source.list(NEVER);
    expect(pages).toBeLessThan(10);
    expect(tools.length).toBeLessThan(pages);
    expect(troubles).toEqual([{ server: 'hostile', reason: expect.stringContaining('too long') }]);
  });

  it('with the same page again and again is told as a trouble in the end', async () => {
    const clock = new ManualClock(undefined, settle);
    open(
      () => programThat(async () => settle().then(() => ({ tools: [TOOL], nextCursor: 'again' }))),
      {},
      clock,
    );
    const listing = source.list(NEVER);
    await clock.advance(20_000);
    expect(await listing).toMatchObject({ tools: [], troubles: [{ server: 'hostile' }] });
  });

  it('that describes tools wrongly has the others', async () => {
    const tools = [
      TOOL,
      { name: 'odd', inputSchema: 'anything', description: 7, annotations: 'none' },
      { description: 'without a name' },
      'no tool at all',
      { name: 'deep', inputSchema: { type: 'object', outputSchema: { type: 'nonsense' }, $ref: '#/$ref' } },
    ];
    behaving(() => ({ tools }));
    const listing = await source.list(NEVER);
    expect(listing.tools.map(({ name }) => name)).toEqual(['deep', 'do', 'odd']);
    expect(listing.troubles).toEqual([
      { server: 'hostile', reason: expect.stringContaining('2 of its tools') },
    ]);
    expect(offerOf(listing.tools).direct).toHaveLength(3);
  });

  it('that dies in the middle of a message is an error, with its last words', async () => {
    behaving((_request, { print, exit }) => {
      print('{"jsonrpc":"2.0","id":1,"res');
      exit('Segmentation fault');
      return undefined;
    });
    const result = await source.call(CALL, NEVER);
    expect(result.isError).toBe(true);
    expect(wordsOf(result)).toContain('Segmentation fault');
  });

  it('that prints what is no message is understood all the same', async () => {
    behaving(({ method }, { print }) => {
      for (const noise of ['Listening...', '{}', '[1]', '{"jsonrpc":"2.0","id":999,"result":{}}'])
        print(noise);
      return method === 'tools/list' ? { tools: [TOOL] } : { content: [{ type: 'text', text: 'done' }] };
    });
    expect((await source.list(NEVER)).tools).toHaveLength(1);
    expect(await source.call(CALL, NEVER)).toMatchObject({ isError: false, content: [{ text: 'done' }] });
  });

  it('that asks for a model is refused one', async () => {
    let answered: unknown;
    open(() => {
      const program = programThat((_request, { print }) => {
        print(
          '{"jsonrpc":"2.0","id":7,"method":"sampling/createMessage","params":{"messages":[],"maxTokens":1}}',
        );
        return undefined;
      });
      return {
        ...program,
        async write(text) {
          const message = JSON.parse(text);
          if (message.id !== 7) return program.write(text);
          answered = message;
          await program.end();
        },
      };
    });
    await source.call(CALL, NEVER);
    expect(answered).toMatchObject({ id: 7, error: { code: -32601 } });
  });

  it('that hangs altogether is ended once a call and a ping had no answer, and started again', async () => {
    const clock = new ManualClock(undefined, settle);
    let started = 0;
    open(
      () => {
        started += 1;
        return programThat(() => (started === 1 ? undefined : { content: [] }));
      },
      { callTimeoutMs: 10_000 },
      clock,
    );
    const result = source.call(CALL, NEVER);
    await clock.advance(10_000);
    expect(wordsOf(await result)).toContain('no answer within 10 s');
    await clock.advance(6_000);
    expect(await source.call(CALL, NEVER)).toMatchObject({ isError: false });
    expect(started).toBe(2);
  });

  it('that reports progress for ever is told to stop after half an hour', async () => {
    const clock = new ManualClock(undefined, settle);
    let token: unknown;
    let report = (): void => undefined;
    open(
      () =>
        programThat(({ method, params }, { print }) => {
          if (method !== 'tools/call') return {};
          token = (params['_meta'] as { readonly progressToken: number }).progressToken;
          const progress = {
            jsonrpc: '2.0',
            method: 'notifications/progress',
            params: { progressToken: token, progress: 1 },
          };
          report = () => print(JSON.stringify(progress));
          return undefined;
        }),
      { callTimeoutMs: 100_000 },
      clock,
    );
    const result = source.call(CALL, NEVER);
    for (let minute = 0; minute < 30; minute += 1) {
      await clock.advance(60_000);
      report();
    }
    await clock.advance(0);
    expect(await result).toMatchObject({ isError: true });
  });

  it('is not asked for tools that its configuration denies, whatever it lists', async () => {
    let asked = 0;
    behaving(
      ({ method }) => {
        if (method === 'tools/list') return { tools: [TOOL, { ...TOOL, name: 'drop' }] };
        asked += 1;
        return { content: [] };
      },
      { denyTools: ['dr*'] },
    );
    expect((await source.list(NEVER)).tools.map(({ name }) => name)).toEqual(['do']);
    expect(await source.call({ ...CALL, tool: 'drop' }, NEVER)).toMatchObject({ isError: true });
    expect(asked).toBe(0);
  });
});

async function* firstOf<T>(items: AsyncIterable<T>): AsyncGenerator<T> {
  for await (const item of items) {
    yield item;
    return;
  }
}
