import { markerIn, markerOf } from './effect-marker';

interface Written {
  readonly body?: string | null | undefined;
  readonly user?: { readonly login: string } | null | undefined;
}

/**
 * Whether something was written with `effectKey` by `login`: a marker that somebody else has copied or made up must not
 * keep the agent silent.
 */
export function isMarked({ body, user }: Written, effectKey: string, login: string): boolean {
  return isSame(user?.login, login) && markerIn(body ?? '') === markerOf(effectKey);
}

/** Logins are the same in any case. */
export function isSame(a: string | undefined, b: string): boolean {
  return a?.toLowerCase() === b.toLowerCase();
}
