import { describe, expect, it } from '@jest/globals';
import { z } from 'zod';
import { checkVariables, parametersOf } from './variables';

const schema = z.object({
  REGION: z.string(),
  TABLE: z.string().regex(/^[a-z]+$/, 'is not a table'),
  TOKEN_PARAMETER: z.string().default('/token'),
  LABEL: z.string().optional(),
});
const options = { given: ['REGION'], isKnown: (value: string) => !value.startsWith('later') };

describe('variables', () => {
  it('are given back when they are what the schema reads', () => {
    const variables = { TABLE: 'swe', LABEL: 'bot' };
    expect(checkVariables(schema, variables, options)).toBe(variables);
  });

  it.each([
    ['that nobody reads', { TABLE: 'swe', TABEL: 'x' }, 'TABEL is not read'],
    ['that are missing', { LABEL: 'bot' }, 'TABLE is missing'],
    ['that are wrong', { TABLE: 'SECRET' }, 'TABLE: is not a table'],
  ])('%s are named without their value', (_, variables: Record<string, string>, message) => {
    expect(() => checkVariables(schema, variables, options)).toThrow(new Error(message));
  });

  it('that are not known yet are not looked into', () => {
    expect(() => checkVariables(schema, { TABLE: 'later: TABLE' }, options)).not.toThrow();
  });
});

it('parameters have the name that is set, or the default', () => {
  expect(parametersOf(schema, {})).toEqual(['/token']);
  expect(parametersOf(schema, { TOKEN_PARAMETER: '/mine' })).toEqual(['/mine']);
});
