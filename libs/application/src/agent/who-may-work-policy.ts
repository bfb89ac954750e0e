import type { Person } from '@swe/domain';

const FOREIGN =
  'I work only for members of the workspace that I belong to, and you are of another organisation.';
const GUEST = 'I work only for full members of this workspace, and you are a guest in it.';

const READER = 'I work only for people who may write to this repository, and I did not find that you may.';

/**
 * Why the agent does nothing for a person, in words for them; undefined when it may. Whoever is unknown is not refused:
 * a look-up that fails must not turn members away, and it is made again for their next message.
 */
export function workRefusal({ isGuest, isForeign, isKnown, canOnlyRead }: Person): string | undefined {
  if (canOnlyRead) return READER;
  if (!isKnown) return undefined;
  if (isForeign) return FOREIGN;
  return isGuest ? GUEST : undefined;
}
