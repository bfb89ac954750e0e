/** A library whose one number is wrong. */
export const BROKEN_LIBRARY = {
  'package.json': '{ "name": "fares", "type": "module", "scripts": { "test": "node --test" } }\n',
  'src/fare.js': 'export function fareOf(km) {\n  return km * 3 + 2;\n}\n',
  'test/fare.test.js': [
    "import assert from 'node:assert/strict';",
    "import { test } from 'node:test';",
    "import { fareOf } from '../src/fare.js';",
    '',
    "test('fareOf charges four for a kilometre and two to start', () => {",
    '  assert.equal(fareOf(5), 22);',
    '  assert.equal(fareOf(10), 42);',
    '});',
    '',
  ].join('\n'),
};
