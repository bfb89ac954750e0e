import type { Directory } from '@swe/domain';
import { openMemoryDirectory } from '../memory/open-memory-directory';
import { directoryContract } from './directory.contract';
import { override } from '../memory/override';
import { proveBites } from './run-contract';

function broken(changesOf: (directory: Directory) => Partial<Directory>) {
  return () => {
    const subject = openMemoryDirectory();
    const { directory } = subject;
    return { subject: { ...subject, directory: override<Directory>(directory, changesOf(directory)) } };
  };
}

proveBites('Directory', directoryContract, {
  'a known person has their name and what their place in the workspace is': broken((directory) => ({
    person: async (id) => ({ ...(await directory.person(id)), isGuest: false }),
  })),
  "whoever is unknown, or can't be looked up, is a placeholder with a name from the id": broken(
    (directory) => ({
      person: async (id) => {
        const person = await directory.person(id);
        if (!person.isKnown) throw new Error('users_not_found');
        return person;
      },
    }),
  ),
  "where people's standing is a matter of the place, whoever may not write there, or was not found to, can only read":
    broken((directory) => ({ person: (id) => directory.person(id) })),
  'where not everybody can see a place, whoever may not, or was not found to, cannot read it either': broken(
    (directory) => ({
      person: async (id, place) => {
        const { cannotRead: _seen, ...person } = await directory.person(id, place);
        return person;
      },
    }),
  ),
  'a channel has its name, an unknown one a placeholder': broken(() => ({
    channel: async (id) => ({ name: id, isKnown: true }),
  })),
});
