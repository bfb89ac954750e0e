import { Fault } from '@swe/domain';
import type { Directory } from '@swe/domain';
import type { RepoHosts } from './route-repo-hosts';

/** Throws `denied` when one of these people may not read, or write to, a repository. */
export type DemandRight = (
  right: 'read' | 'write',
  repository: string,
  people: readonly string[],
) => Promise<void>;

/**
 * Holds people to what their host lets them do in each repository that work of theirs leads to: the agent may reach more
 * of it than they. Whoever is not of that host is not known there, and is held by who may speak to the agent alone.
 */
export function rightsOf(directory: Pick<Directory, 'person'>, threadOf: RepoHosts['threadOf']): DemandRight {
  return async (right, repository, people) => {
    // Any place in it will do.
    const place = threadOf({ repository, number: 1 });
    if (place === undefined) return;
    for (const id of new Set(people)) {
      if (hostOf(id) !== hostOf(place)) continue;
      const { name, canOnlyRead, cannotRead } = await directory.person(id, place);
      if (right === 'read' ? !cannotRead : !canOnlyRead) continue;
      const may = right === 'read' ? 'read' : 'write to';
      throw new Fault(
        'denied',
        `${name} (${id}), for whom you work, was not found to have leave to ${may} ${repository}. Nothing is done there for them: tell them so. Somebody who may has to ask for it in a thread of their own.`,
      );
    }
  };
}

const hostOf = (address: string): string => address.split(':', 1)[0] ?? '';
