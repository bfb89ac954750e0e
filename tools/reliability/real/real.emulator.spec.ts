import { describe, expect, it } from '@jest/globals';
import { NO_REAL_VIOLATIONS } from './real-verdict';
import { realKills } from './real-kills';

const onLinux = process.platform === 'linux' ? describe : describe.skip;

onLinux(
  'the built product under SIGKILL and SIGSTOP (Linux, where a worker’s processes are found by their mark)',
  () => {
    it('answers every message once, with one pull request that holds all of the work', async () => {
      const { violations, met } = await realKills(3, 3);
      expect(violations).toEqual(NO_REAL_VIOLATIONS);
      expect(Object.keys(met).length).toBeGreaterThan(0);
    });
  },
);
