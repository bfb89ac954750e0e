import { exitWith } from './run-child.mjs';
import { runTests } from './run-tests.mjs';

await exitWith(() => runTests('test-results.json'));
