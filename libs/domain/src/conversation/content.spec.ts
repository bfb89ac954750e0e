import { describe, expect, it } from '@jest/globals';
import { assistantContent, text, textOf, toolCallsOf } from './content';

describe('text', () => {
  it.each([
    ['as it is', 'a 😀\n\0', 'a 😀\n\0'],
    ['without the half of an emoji that a cut left behind', 'a 😀'.slice(0, 3), 'a \uFFFD'],
    ['without the half of an emoji that a cut began with', '😀 b'.slice(1), '\uFFFD b'],
  ])('is kept %s', (_name, value, expected) => {
    expect(text(value)).toEqual({ type: 'text', text: expected });
  });
});

describe('content', () => {
  const call = { type: 'tool-call', callId: 'c1', name: 'bash', input: {} } as const;
  const spoken = { type: 'text', text: 'hi', kept: { provider: 'p', opaque: { phase: 'x' } } } as const;
  const reasoning = { type: 'reasoning', provider: 'p', text: 'hm', opaque: null } as const;

  it('shows its texts, one per line, and nothing else', () => {
    expect(textOf([text('a'), reasoning, call, text('b')])).toBe('a\nb');
    expect(textOf([])).toBe('');
  });

  it('keeps what a provider wants back of a text', () => {
    expect(assistantContent.parse(spoken)).toEqual(spoken);
  });

  it('tells the tool calls, in order', () => {
    const second = { ...call, callId: 'c2' };
    expect(toolCallsOf([call, text('a'), second])).toEqual([call, second]);
  });
});
