import { afterAll, beforeAll } from '@jest/globals';
import type { Emulator } from './emulator';

/** The first start on a machine fetches the emulator. */
const START_TIMEOUT_MS = 180_000;

/** One emulator for all tests of a spec. `endpoint` can be read once they run. */
export function useEmulator(open: () => Promise<Emulator>): Pick<Emulator, 'endpoint'> {
  let emulator: Emulator | undefined;
  beforeAll(async () => {
    emulator = await open();
  }, START_TIMEOUT_MS);
  afterAll(async () => {
    await emulator?.close();
  });
  return {
    get endpoint() {
      if (emulator === undefined)
        throw new Error('the emulator starts before the first test, not before that');
      return emulator.endpoint;
    },
  };
}
