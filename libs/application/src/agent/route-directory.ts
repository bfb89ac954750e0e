import { placeholderChannel, placeholderPerson } from '@swe/domain';
import type { Directory } from '@swe/domain';

/**
 * One directory of several, told apart by what an id begins with (`slack` of `slack:T/U`). Whom none of them can know,
 * such as whoever types into a terminal, is a placeholder.
 */
export function routeDirectory(directories: Readonly<Record<string, Directory>>): Directory {
  function directoryOf(id: string): Directory | undefined {
    const prefix = id.split(':', 1)[0] ?? '';
    return Object.hasOwn(directories, prefix) ? directories[prefix] : undefined;
  }

  return {
    person: async (id, place) => directoryOf(id)?.person(id, place) ?? placeholderPerson(id),
    channel: async (id) => directoryOf(id)?.channel(id) ?? placeholderChannel(id),
  };
}
