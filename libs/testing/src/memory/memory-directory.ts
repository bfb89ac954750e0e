import { placeholderChannel, placeholderPerson } from '@swe/domain';
import type { Channel, Directory, Person } from '@swe/domain';

/**
 * Knows whoever is put into `people` and `channels`, by id. Where `writers` has a workspace, whoever else speaks in it can
 * only read.
 */
export class MemoryDirectory implements Directory {
  readonly people = new Map<string, Person>();
  readonly channels = new Map<string, Channel>();

  /** Requesters by what the keys of places begin with: `github:github.com/acme/shop`. */
  readonly writers = new Map<string, readonly string[]>();
  /** As `writers`: those who see it. Where there are none, everybody does. */
  readonly readers = new Map<string, readonly string[]>();

  async person(id: string, place?: string): Promise<Person> {
    const person = this.people.get(id) ?? placeholderPerson(id);
    const isAmong = (people: ReadonlyMap<string, readonly string[]>): boolean => {
      const [, listed] = [...people].find(([workspace]) => place?.startsWith(`${workspace}/`)) ?? [];
      return listed === undefined || listed.includes(id);
    };
    if (!isAmong(this.readers)) return { ...person, canOnlyRead: true, cannotRead: true };
    return isAmong(this.writers) ? person : { ...person, canOnlyRead: true };
  }

  async channel(id: string): Promise<Channel> {
    return this.channels.get(id) ?? placeholderChannel(id);
  }
}
