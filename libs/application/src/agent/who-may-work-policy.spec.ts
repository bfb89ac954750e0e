import { expect, it } from '@jest/globals';
import { placeholderPerson } from '@swe/domain';
import type { Person } from '@swe/domain';
import { workRefusal } from './who-may-work-policy';

const member: Person = { name: 'Ada', isBot: false, isGuest: false, isForeign: false, isKnown: true };

it.each<[string, Person, string | undefined]>([
  ['a member', member, undefined],
  ['a program of the workspace', { ...member, isBot: true }, undefined],
  ['a guest', { ...member, isGuest: true }, 'you are a guest'],
  ['somebody of another organisation', { ...member, isForeign: true }, 'of another organisation'],
  ['a guest of another organisation', { ...member, isGuest: true, isForeign: true }, 'another organisation'],
  ['whoever may only read', { ...member, canOnlyRead: true }, 'may write to this repository'],
  [
    'whoever is not known to may do more',
    { ...placeholderPerson('github:eve'), canOnlyRead: true },
    'may write to this repository',
  ],
  ['whoever could not be looked up', placeholderPerson('slack:T/U'), undefined],
])('%s', (_who, person, words) => {
  const refusal = workRefusal(person);
  if (words === undefined) expect(refusal).toBeUndefined();
  else expect(refusal).toContain(words);
});
