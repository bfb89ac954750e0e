import { describe, expect, it } from '@jest/globals';
import { agentConfig } from './agent';
import { localConfig } from './local';

describe.each([
  ['the twin', localConfig],
  ['an agent', agentConfig],
])('a key of a model’s vendor, as %s reads it', (_name, { shape }) => {
  it.each(['ANTHROPIC_API_KEY', 'OPENAI_API_KEY'] as const)('is one line of printable ASCII: %s', (name) => {
    expect(shape[name].parse('sk-1\n')).toBe('sk-1');
    expect(shape[name].parse(undefined)).toBeUndefined();
    for (const key of ['sk-1\nsk-2', 'sk-1\u0001', 'sk-1…']) {
      const { error } = shape[name].safeParse(key);
      expect(error?.issues.map(({ message }) => message)).toEqual(['has characters that no key has']);
    }
  });
});
