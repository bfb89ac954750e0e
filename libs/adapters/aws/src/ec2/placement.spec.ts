import { expect, it } from '@jest/globals';
import { nameOf, placementsOf } from './placement';
import type { PlacementOptions } from './placement';

const two = { instanceTypes: ['a', 'b'], subnetIds: ['1', '2'] };
const many = { instanceTypes: ['a', 'b', 'c', 'd'], subnetIds: ['1', '2', '3'] };

it.each<[string, PlacementOptions, readonly string[]]>([
  ['all places of the best kind come first', two, ['a in 1', 'a in 2', 'b in 1', 'b in 2']],
  [
    'spot instances come before others',
    { ...two, spot: true },
    [
      'a in 1 (spot)',
      'a in 2 (spot)',
      'b in 1 (spot)',
      'b in 2 (spot)',
      'a in 1',
      'a in 2',
      'b in 1',
      'b in 2',
    ],
  ],
  ['no more are tried than may be', { ...many, maxTries: 2 }, ['a in 1', 'a in 2']],
  [
    'half of the tries are left to others',
    { ...many, spot: true, maxTries: 4 },
    ['a in 1 (spot)', 'a in 2 (spot)', 'a in 1', 'a in 2'],
  ],
  ['a single try is not for spot', { ...many, spot: true, maxTries: 1 }, ['a in 1']],
])('%s', (_name, options, expected) => expect(placementsOf(options).map(nameOf)).toEqual(expected));
