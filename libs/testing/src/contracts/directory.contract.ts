import { expect } from '@jest/globals';
import { placeholderChannel, placeholderPerson } from '@swe/domain';
import type { Channel, Directory, Person } from '@swe/domain';
import type { Contract } from './run-contract';

export interface DirectorySubject {
  readonly directory: Directory;
  /** Each with what the directory has to say of them: a member, a guest, a stranger and a bot. */
  readonly people: readonly (readonly [id: string, person: Person])[];
  readonly channel: readonly [id: string, channel: Channel];
  /** Somebody, and some channel, that cannot be looked up: unknown, or whoever knows is down. */
  readonly unknown: { readonly person: string; readonly channel: string };
}

export const directoryContract = {
  async 'a known person has their name and what their place in the workspace is'({ directory, people }) {
    expect(people.map(([, { isGuest, isForeign, isBot }]) => [isGuest, isForeign, isBot])).toEqual([
      [false, false, false],
      [true, false, false],
      [false, true, false],
      [false, false, true],
    ]);
    for (const [id, person] of people) expect(await directory.person(id)).toEqual(person);
  },

  async "whoever is unknown, or can't be looked up, is a placeholder with a name from the id"({
    directory,
    unknown,
  }) {
    expect(await directory.person(unknown.person)).toEqual(placeholderPerson(unknown.person));
    expect(await directory.person('')).toEqual(placeholderPerson(''));
  },

  async 'a channel has its name, an unknown one a placeholder'({
    directory,
    channel: [id, channel],
    unknown,
  }) {
    expect(await directory.channel(id)).toEqual(channel);
    expect(await directory.channel(unknown.channel)).toEqual(placeholderChannel(unknown.channel));
  },
} satisfies Contract<DirectorySubject>;
