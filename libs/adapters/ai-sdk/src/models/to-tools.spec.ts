import { describe, expect, it } from '@jest/globals';
import { toTools } from './to-tools';

const inputSchema = { type: 'object', properties: { path: { type: 'string' } } };
const tool = (name: string) => ({ name, description: 'Looks.', inputSchema });
const given = (name: string) => ({ type: 'function', ...tool(name) });
const cacheMark = { vendor: { mark: true } };

describe('tools', () => {
  it.each([
    ['none', [], {}, []],
    ['as they are', [tool('a'), tool('b')], {}, [given('a'), given('b')]],
    [
      'with the cache mark on the last',
      [tool('a'), tool('b')],
      { cacheMark },
      [given('a'), { ...given('b'), providerOptions: cacheMark }],
    ],
    [
      'with a schema that is not enforced',
      [tool('a')],
      { strictTools: false },
      [{ ...given('a'), strict: false }],
    ],
  ])('%s', (_name, tools, dialect, expected) => {
    expect(toTools(tools, dialect)).toEqual(expected);
  });
});
