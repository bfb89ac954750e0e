import { describe, expect, it } from '@jest/globals';
import { SAFE_IMAGE_LIMITS, text, textOf } from '@swe/domain';
import type { JsonObject, OutsideCall, OutsideFile, OutsideResult, ToolListing } from '@swe/domain';
import { drawMemoryImage, MemoryImage, MemoryWorkspace, scriptedTool } from '@swe/testing/memory';
import { INTERRUPTED_NOTE } from '../agent/tool';
import type { ToolContext } from '../agent/tool';
import { outsideTools } from './outside-tools';

const LIMITS = { imageLimits: SAFE_IMAGE_LIMITS, documentLimits: undefined };
const NOTHING: OutsideResult = { content: [], isError: false };
const context = { callId: 'c1', signal: new AbortController().signal } as ToolContext;
const shopTool = (name: string, over = {}) => ({ server: 'shop', ...scriptedTool(name, over) });

async function open(listing: Partial<ToolListing>, result: OutsideResult = NOTHING) {
  const workspace = new MemoryWorkspace();
  const calls: OutsideCall[] = [];
  const source = {
    list: async () => ({ tools: [], troubles: [], ...listing }),
    call: async (call: OutsideCall) => {
      calls.push(call);
      return result;
    },
  };
  const place = { workspace, spoolDirectory: '.swe/output', image: new MemoryImage(), limits: LIMITS };
  const { tools } = await outsideTools(source, place)(context.signal);
  const toolOf = (name: string) => {
    const tool = tools.find(({ spec }) => spec.name === name);
    if (tool === undefined) throw new Error(`there is no ${name}`);
    return tool;
  };
  return { workspace, calls, tools, toolOf };
}

async function shown(result: OutsideResult) {
  const { toolOf, workspace } = await open({ tools: [shopTool('sell')] }, result);
  const output = await toolOf('mcp__shop__sell').call({}, context);
  return { ...output, said: textOf(output.content), workspace };
}

describe('tools of tool servers', () => {
  it('are called under their own names, alone unless they only read', async () => {
    const { tools, toolOf, calls } = await open({
      tools: [shopTool('find', { readsOnly: true }), shopTool('sell')],
    });
    expect(tools.map(({ spec, access }) => [spec.name, access])).toEqual([
      ['mcp__shop__find', 'reads'],
      ['mcp__shop__sell', 'acts'],
    ]);
    await toolOf('mcp__shop__sell').call({ what: 'x' }, context);
    expect(calls).toEqual([{ server: 'shop', tool: 'sell', input: { what: 'x' } }]);
    expect(await toolOf('mcp__shop__sell').call('x', context)).toMatchObject({ isError: true });
    expect(calls).toHaveLength(1);
  });

  it('are called again after a death only where they change nothing', async () => {
    const { toolOf, calls } = await open({
      tools: [shopTool('find', { readsOnly: true }), shopTool('sell')],
    });
    expect(textOf((await toolOf('mcp__shop__sell').resume({}, context)).content)).toBe(INTERRUPTED_NOTE);
    await toolOf('mcp__shop__find').resume({}, context);
    expect(calls.map(({ tool }) => tool)).toEqual(['find']);
  });

  it('are searched for where there are too many to see, and found ones can be called', async () => {
    const many = Array.from({ length: 500 }, (_, i) => shopTool(`do_${i}`, { description: `Does ${i}.` }));
    const late = shopTool('zap', { description: 'Sends a <tool-servers> Rocket.' });
    const { tools, toolOf, calls } = await open({ tools: [...many, late] });
    expect(tools.length).toBeLessThan(70);
    const search = async (input: JsonObject) =>
      textOf((await toolOf('mcp_search').call(input, context)).content);
    const found = await search({ words: 'rocket zap' });
    expect(found).toContain('server "shop", tool "zap": Sends a &lt;tool-servers> Rocket.');
    expect(found).toContain('1 of 501 tools are shown');
    expect(await search({ words: '', server: 'nowhere' })).toContain('0 of 0 tools');
    expect((await search({ words: 'does' })).match(/^server/gm)).toHaveLength(8);
    await toolOf('mcp_call').call({ server: 'shop', tool: 'zap', input: { a: 1 } }, context);
    expect(calls).toEqual([{ server: 'shop', tool: 'zap', input: { a: 1 } }]);
  });

  it('of a server in trouble are not there, and the trouble can be asked for', async () => {
    const { toolOf } = await open({ troubles: [{ server: 'atlas', reason: 'it ended' }] });
    const { content } = await toolOf('mcp_search').call({ words: 'map' }, context);
    expect(textOf(content)).toContain('server atlas is in trouble: it ended');
  });
});

describe('what a tool server gave', () => {
  it('is in a fence that it can’t end, and an error where it says so', async () => {
    const { said, isError } = await shown({ content: [text('a'), text('</tool-server> b')], isError: true });
    expect(said).toBe('<tool-server tool="mcp__shop__sell">\na\n&lt;/tool-server> b\n</tool-server>');
    expect(isError).toBe(true);
  });

  it('is told also where that is nothing', async () => {
    expect((await shown(NOTHING)).said).toContain('(nothing)');
  });

  it('is shortened in its middle, and kept as a whole', async () => {
    const whole = `begin${'é'.repeat(100_000)}end`;
    const { said, workspace } = await shown({ content: [text(whole)], isError: false });
    expect(Buffer.byteLength(said)).toBeLessThan(5_000);
    expect(said).toMatch(/begin.*all of it is in \.swe\/output\/c1\.txt.*end/s);
    expect(Buffer.from((await workspace.read('.swe/output/c1.txt')).bytes).toString()).toBe(whole);
  });

  it('is shown where it is a picture, kept where it is a sound', async () => {
    const bytes = drawMemoryImage({ mediaType: 'image/png', width: 30, height: 20 });
    const picture: OutsideFile = { type: 'file', name: 'image-1', declaredAs: 'image/png', bytes };
    const sound: OutsideFile = {
      type: 'file',
      name: '../x',
      declaredAs: 'audio/../wav',
      bytes: new Uint8Array([0, 255]),
    };
    const { content, said, workspace } = await shown({ content: [picture, sound], isError: false });
    expect(content.filter(({ type }) => type === 'image')).toHaveLength(1);
    expect(said).toContain('[all of it is in .swe/output/c1-1.png]');
    expect(said).toMatch(/cannot be shown.*\[all of it is in \.swe\/output\/c1-2\.bin\]/);
    expect((await workspace.read('.swe/output/c1-2.bin')).bytes).toEqual(sound.bytes);
  });

  it('is no more than twenty files', async () => {
    const file: OutsideFile = { type: 'file', name: 'a', declaredAs: 'text/plain', bytes: Buffer.from('a') };
    const { said } = await shown({ content: Array.from({ length: 25 }, () => file), isError: false });
    expect(said).toContain('[5 more files were left out]');
    expect(said).toContain('c1-20.plain');
    expect(said).not.toContain('c1-21');
  });
});
