import type { Person } from '@swe/domain';

const FOREIGN =
  'I work only for members of the workspace that I belong to, and you are of another organisation.';
const GUEST = 'I work only for full members of this workspace, and you are a guest in it.';

/**
 * Why the agent does nothing for a person, in words for them; undefined when it may. Whoever is unknown is not refused:
 * a look-up that fails must not turn members away, and it is made again for their next message.
 */
export function workRefusal({ isGuest, isForeign, isKnown }: Person): string | undefined {
  if (!isKnown) return undefined;
  if (isForeign) return FOREIGN;
  return isGuest ? GUEST : undefined;
}
