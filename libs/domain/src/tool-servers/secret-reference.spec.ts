import { describe, expect, it } from '@jest/globals';
import { Fault } from '../fault';
import { resolveReferences, secretsNamedIn, unknownReferenceIn } from './secret-reference';

const secrets = new Map([
  ['TOKEN', 'se$&cret'],
  ['/swe/key', '${secret:TOKEN}'],
]);
const read = async (name: string): Promise<string> => {
  const value = secrets.get(name);
  if (value === undefined) throw new Fault('missing', name);
  return value;
};
const resolve = (setting: string) => resolveReferences(setting, '/work space', read);

describe('a setting', () => {
  it.each([
    ['plain $HOME {x}', 'plain $HOME {x}'],
    ['Bearer ${secret:TOKEN}!', 'Bearer se$&cret!'],
    ['${secret:TOKEN}${secret:TOKEN}', 'se$&cretse$&cret'],
    ['${workspaceFolder}/docs', '/work space/docs'],
    // What a secret holds is no reference.
    ['${secret:/swe/key}', '${secret:TOKEN}'],
    ['', ''],
  ])('%s is %s', async (setting, expected) => {
    expect(await resolve(setting)).toBe(expected);
  });

  it('with a secret that is not there can’t be had', async () => {
    await expect(resolve('${secret:OTHER}')).rejects.toMatchObject({ kind: 'missing' });
  });

  it('names its secrets', () => {
    expect(secretsNamedIn('a ${secret:A} ${workspaceFolder} ${secret:/b/c-d.e}')).toEqual(['A', '/b/c-d.e']);
  });

  it.each([
    ['${TOKEN}', '${TOKEN}'],
    ['a ${secret:} b', '${secret:}'],
    ['${secret:a b}', '${secret:a b}'],
    ['${secret:A}', undefined],
    ['$TOKEN', undefined],
  ])('%s refers to what there is not: %s', (setting, expected) => {
    expect(unknownReferenceIn(setting)).toBe(expected);
  });
});
