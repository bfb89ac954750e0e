import { describe, expect, it } from '@jest/globals';
import { fromToolInput } from './from-tool-input';

describe("a tool's input", () => {
  it.each([
    ['{"a": [1, null]}', { input: { a: [1, null] } }],
    ['', { input: {} }],
    [' \n', { input: {} }],
    ['null', { input: {} }],
    ['"text"', { input: 'text' }],
    ['{"a": "b', { input: {}, malformedInput: '{"a": "b' }],
    ['{a: 1}', { input: {}, malformedInput: '{a: 1}' }],
  ])('%j', (written, expected) => {
    expect(fromToolInput(written)).toEqual(expected);
  });
});
