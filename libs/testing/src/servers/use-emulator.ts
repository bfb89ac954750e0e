import type * as jestGlobals from '@jest/globals';
import type { Emulator } from './emulator';

/** The first start on a machine fetches the emulator. */
const START_TIMEOUT_MS = 180_000;

/** One emulator for all tests of a spec. `endpoint` can be read once they run. */
export function useEmulator(open: () => Promise<Emulator>): Pick<Emulator, 'endpoint'> {
  // Jest's globals: its package can't be imported elsewhere, and the servers beside this are used there too.
  const { afterAll, beforeAll } = globalThis as unknown as typeof jestGlobals;
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
