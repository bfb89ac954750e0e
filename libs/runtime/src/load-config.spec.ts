import { describe, expect, it } from '@jest/globals';
import { z } from 'zod';
import { loadConfig } from './load-config';

const schema = z.object({
  SWE_HOME: z.string(),
  SWE_POLL_MS: z.coerce.number<string>('not a number').optional(),
});

describe('loadConfig', () => {
  it('gives what the schema reads, and nothing else of the environment', () => {
    expect(loadConfig(schema, { SWE_HOME: '/srv/swe', SWE_POLL_MS: '5', OTHER: 'x' })).toEqual({
      SWE_HOME: '/srv/swe',
      SWE_POLL_MS: 5,
    });
  });

  it('takes an empty variable as absent', () => {
    expect(loadConfig(schema, { SWE_HOME: '/srv/swe', SWE_POLL_MS: '' })).toEqual({ SWE_HOME: '/srv/swe' });
  });

  it('names every variable that is wrong and prints no value', () => {
    const load = (): unknown => loadConfig(schema, { SWE_POLL_MS: 'hunter2' });
    expect(load).toThrow(/SWE_HOME.*SWE_POLL_MS/);
    expect(load).not.toThrow(/hunter2/);
  });
});
