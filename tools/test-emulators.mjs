// What needs more than Node and git, or takes long: packages of a registry, emulators, full sizes.
import { exitWith } from './run-child.mjs';
import { runTests } from './run-tests.mjs';

await exitWith(() => runTests('emulator-results.json', { SWE_TEST_TIER: 'emulators', SWE_TEST_FULL: '1' }));
