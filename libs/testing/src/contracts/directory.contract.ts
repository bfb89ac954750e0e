import { expect } from '@jest/globals';
import { placeholderChannel, placeholderPerson } from '@swe/domain';
import type { Channel, Directory, Person } from '@swe/domain';
import type { Contract } from './run-contract';

export interface DirectorySubject {
  readonly directory: Directory;
  /** Each with what the directory has to say of them. Guests and strangers are where the chat has such. */
  readonly people: {
    readonly member: Known;
    readonly bot: Known;
    readonly guest?: Known;
    readonly stranger?: Known;
  };
  /** Where people's standing is a matter of the place: some places, as the member's standing is there. */
  readonly places?: {
    readonly writable: readonly string[];
    readonly readable: readonly string[];
    readonly hidden: readonly string[];
  };
  readonly channel: readonly [id: string, channel: Channel];
  /** Somebody, and some channel, that cannot be looked up: unknown, or whoever knows is down. */
  readonly unknown: { readonly person: string; readonly channel: string };
}

type Known = readonly [id: string, person: Person];

export const directoryContract = {
  async 'a known person has their name and what their place in the workspace is'({ directory, people }) {
    const isOf = ([, { isBot, isGuest, isForeign }]: Known) => [isBot, isGuest, isForeign];
    const { member, bot, guest, stranger } = people;
    expect([isOf(member), isOf(bot)]).toEqual([
      [false, false, false],
      [true, false, false],
    ]);
    if (guest !== undefined) expect(isOf(guest)).toEqual([false, true, false]);
    if (stranger !== undefined) expect(isOf(stranger)).toEqual([false, false, true]);
    for (const known of [member, bot, guest, stranger]) {
      if (known !== undefined) expect(await directory.person(known[0])).toEqual(known[1]);
    }
  },

  async "whoever is unknown, or can't be looked up, is a placeholder with a name from the id"({
    directory,
    unknown,
  }) {
    expect(await directory.person(unknown.person)).toEqual(placeholderPerson(unknown.person));
    expect(await directory.person('')).toEqual(placeholderPerson(''));
  },

  async "where people's standing is a matter of the place, whoever may not write there, or was not found to, can only read"({
    directory,
    people,
    places,
    unknown,
  }) {
    const [id, person] = people.member;
    for (const place of places?.writable ?? []) {
      expect(await directory.person(id, place)).toEqual(person);
      expect(await directory.person(unknown.person, place)).toMatchObject({ canOnlyRead: true });
    }
    for (const place of places?.readable ?? []) {
      expect(await directory.person(id, place)).toEqual({ ...person, canOnlyRead: true });
    }
  },

  async 'where not everybody can see a place, whoever may not, or was not found to, cannot read it either'({
    directory,
    people,
    places,
    unknown,
  }) {
    const [id, person] = people.member;
    for (const place of places?.hidden ?? []) {
      expect(await directory.person(id, place)).toEqual({ ...person, canOnlyRead: true, cannotRead: true });
      expect(await directory.person(unknown.person, place)).toMatchObject({ cannotRead: true });
    }
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
