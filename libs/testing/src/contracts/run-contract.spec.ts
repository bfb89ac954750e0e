import { describe, expect, it } from '@jest/globals';
import { runContract } from './run-contract';

const contract = { 'answers yes': async (answer: string) => expect(answer).toBe('yes') };

runContract('a subject that keeps its contract', contract, () => ({ subject: 'yes' }));

runContract('a subject with a waiver', contract, () => ({ subject: 'no' }), {
  'answers yes': 'it always says no',
});

describe('runContract', () => {
  it('throws for a waiver of a clause that does not exist', () => {
    const waivers = { 'answers maybe': 'never' } as object;
    expect(() => runContract('typo', contract, () => ({ subject: 'yes' }), waivers)).toThrow('answers maybe');
  });
});
