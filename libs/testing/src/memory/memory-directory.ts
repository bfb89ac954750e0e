import { placeholderChannel, placeholderPerson } from '@swe/domain';
import type { Channel, Directory, Person } from '@swe/domain';

/** Knows whoever is put into `people` and `channels`, by id. */
export class MemoryDirectory implements Directory {
  readonly people = new Map<string, Person>();
  readonly channels = new Map<string, Channel>();

  async person(id: string): Promise<Person> {
    return this.people.get(id) ?? placeholderPerson(id);
  }

  async channel(id: string): Promise<Channel> {
    return this.channels.get(id) ?? placeholderChannel(id);
  }
}
