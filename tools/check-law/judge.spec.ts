import { expect, test } from '@jest/globals';
import { judge } from './judge';
import type { PlantedProject } from './plants';
import type { Finding } from './scratch-workspace';

const project = (breaks?: { rule: string; says?: RegExp }): PlantedProject[] => [
  {
    name: 'p',
    root: 'libs/p',
    tags: [],
    plants: [{ path: 'src/x.ts', source: '', ...(breaks && { breaks }) }],
  },
];
const lint = (...findings: Finding[]) => new Map([['libs/p/src/x.ts', findings]]);

test.each<[string, { rule: string; says?: RegExp } | undefined, Map<string, Finding[]>, string[]]>([
  ['a breach that is reported', { rule: 'a' }, lint({ rule: 'a', message: 'm' }), []],
  ['a clean file without findings', undefined, lint(), []],
  ['a breach that is not reported', { rule: 'a' }, lint(), ['libs/p/src/x.ts: a did not bite']],
  [
    'a breach reported for another reason',
    { rule: 'a' },
    lint({ rule: 'b', message: 'm' }),
    ['libs/p/src/x.ts: unexpected b: m'],
  ],
  [
    'a breach reported in other words',
    { rule: 'a', says: /port/ },
    lint({ rule: 'a', message: 'm' }),
    ['libs/p/src/x.ts: a did not bite with /port/'],
  ],
  [
    'a clean file that is reported',
    undefined,
    lint({ rule: 'a', message: 'm' }),
    ['libs/p/src/x.ts: unexpected a: m'],
  ],
  ['a file that lint skipped', { rule: 'a' }, new Map(), ['libs/p/src/x.ts: not linted']],
])('%s', (_, breaks, findings, expected) => {
  expect(judge(project(breaks), findings)).toEqual(expected);
});
