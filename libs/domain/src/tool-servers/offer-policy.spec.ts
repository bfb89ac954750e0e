import { describe, expect, it } from '@jest/globals';
import type { OutsideTool } from '../ports/tool-source';
import { DEFAULT_OFFER_LIMITS, offerOf } from './offer-policy';

const toolOf = (server: string, name: string, over: Partial<OutsideTool> = {}): OutsideTool => ({
  server,
  name,
  description: `Does ${name}.`,
  inputSchema: { type: 'object', properties: {} },
  readsOnly: false,
  ...over,
});
const many = (server: string, count: number): readonly OutsideTool[] =>
  Array.from({ length: count }, (_, i) => toolOf(server, `t${String(i).padStart(5, '0')}`));
const directNames = (tools: readonly OutsideTool[]) => offerOf(tools).direct.map(({ spec }) => spec.name);

describe('what models see of outside tools', () => {
  it('is all of a few, by name', () => {
    const { direct, behind } = offerOf([
      toolOf('b', 'y'),
      toolOf('b', 'x'),
      toolOf('a', 'z', { description: ' ' }),
    ]);
    expect(direct.map(({ spec }) => [spec.name, spec.description])).toEqual([
      ['mcp__a__z', 'z of a'],
      ['mcp__b__x', 'Does x.'],
      ['mcp__b__y', 'Does y.'],
    ]);
    expect(behind).toEqual([]);
  });

  it('is bounded, and a server with thousands of tools leaves room for the others', () => {
    const tools = [...many('flood', 10_000), ...many('small', 5)];
    const { direct, behind } = offerOf(tools);
    expect(direct).toHaveLength(DEFAULT_OFFER_LIMITS.maxTools);
    expect(direct.filter(({ tool }) => tool.server === 'small')).toHaveLength(5);
    expect(direct.length + behind.length).toBe(tools.length);
    expect(JSON.stringify(direct.map(({ spec }) => spec)).length).toBeLessThan(60_000);
  });

  it('leaves out what is large, and what providers would refuse', () => {
    const large = toolOf('a', 'large', {
      inputSchema: { properties: { x: { description: 'x'.repeat(50_000) } } },
    });
    const odd = toolOf('a', 'odd', { inputSchema: { properties: { 'ä ö': {} } } });
    const { direct, behind } = offerOf([large, odd, toolOf('a', 'small')]);
    expect(direct.map(({ tool }) => tool.name)).toEqual(['small']);
    expect(behind).toEqual([large, odd]);
  });

  it('shortens what is said of a tool', () => {
    const [offered] = offerOf([toolOf('a', 'b', { description: '😀'.repeat(5_000) })]).direct;
    expect(offered?.spec.description.length).toBe(2_000);
    expect(offered?.spec.description.isWellFormed()).toBe(true);
  });

  it('does not depend on the order of servers', () => {
    const [a, b] = [many('a', 3), many('b', 2)];
    expect(directNames([...b, ...a])).toEqual(directNames([...a, ...b]));
  });
});
