import { expect, it, jest } from '@jest/globals';
import { comparePolicies } from './compare-policies';
import { loudJob } from './session-plan';

jest.setTimeout(240_000);

it('a session with compactions costs less than under a moving window, which costs more than its cache saves', async () => {
  // Just long enough for both to leave something out: an output of 8 KB is shown as it is.
  const [none, moving, ours] = await comparePolicies('anthropic', loudJob(90, 8_000));
  expect(ours?.baseKiloTokens).toBeLessThan((none?.baseKiloTokens ?? 0) / 3);
  expect(ours?.baseKiloTokens).toBeLessThan((moving?.baseKiloTokens ?? 0) * 0.8);
  expect(ours?.readShare).toBeGreaterThan(moving?.readShare ?? 1);
});
