import type { Person } from '@swe/domain';
import type { DirectorySubject } from '../contracts';
import { MemoryDirectory } from './memory-directory';

const member: Person = {
  name: 'Ada',
  locale: 'de-DE',
  isBot: false,
  isGuest: false,
  isForeign: false,
  isKnown: true,
};

/** A memory directory with what its contract wants beside it. */
export function openMemoryDirectory(directory = new MemoryDirectory()): DirectorySubject {
  const people = {
    member: ['slack:T/U1', member],
    guest: ['slack:T/U2', { ...member, name: 'Gus', isGuest: true }],
    stranger: ['slack:T/U3', { ...member, name: 'Fay', isForeign: true }],
    bot: ['slack:T/U4', { ...member, name: 'Bot', isBot: true }],
  } as const;
  const channel = ['slack:T/C1', { name: 'general', isKnown: true }] as const;
  for (const [id, person] of Object.values(people)) directory.people.set(id, person);
  directory.channels.set(...channel);
  directory.writers.set('github:h/acme/shop', ['slack:T/U1']);
  directory.writers.set('github:h/acme/site', []);
  directory.readers.set('github:h/acme/safe', []);
  const places = {
    writable: ['github:h/acme/shop/comment/1'],
    readable: ['github:h/acme/site/issue/1'],
    hidden: ['github:h/acme/safe/issue/1'],
  };
  return { directory, people, places, channel, unknown: { person: 'slack:T/U9', channel: 'slack:T/C9' } };
}
