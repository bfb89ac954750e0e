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
  const people = [
    ['slack:T/U1', member],
    ['slack:T/U2', { ...member, name: 'Gus', isGuest: true }],
    ['slack:T/U3', { ...member, name: 'Fay', isForeign: true }],
    ['slack:T/U4', { ...member, name: 'Bot', isBot: true }],
  ] as const;
  const channel = ['slack:T/C1', { name: 'general', isKnown: true }] as const;
  for (const [id, person] of people) directory.people.set(id, person);
  directory.channels.set(...channel);
  return { directory, people, channel, unknown: { person: 'slack:T/U9', channel: 'slack:T/C9' } };
}
