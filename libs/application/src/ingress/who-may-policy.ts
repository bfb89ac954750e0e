import type { InboxItem, Outcome, Session } from '@swe/domain';

/** Who is let in, as configured. */
export interface AccessRules {
  /** Requesters (`slack:<team>/<user>`) or bare user ids of a chat. Undefined: everybody in the workspace is let in. */
  readonly admins: readonly string[] | undefined;
  /**
   * Who may write to the place that words are said in may have the agent work, as `Directory` tells when it takes them
   * up. Then admins and approvals do not count.
   */
  readonly isByPlace?: true;
}

/** A requester as the rules see them. */
export interface Standing {
  readonly isAdmin: boolean;
  /** May have the agent work. */
  readonly isAllowed: boolean;
}

/** Whether a list names them, by the whole of their id or the chat's part of it. */
export function isListed(list: readonly string[], requester: string): boolean {
  return list.includes(requester) || list.includes(requester.split(/[:/]/).at(-1) ?? '');
}

/** Without a list of admins, or where the place decides, nobody is one, and everybody is let in. */
export function standingOf(
  { admins, isByPlace }: AccessRules,
  requester: string,
  isApproved: boolean,
): Standing {
  if (admins === undefined || isByPlace) return { isAdmin: false, isAllowed: true };
  const isAdmin = isListed(admins, requester);
  return { isAdmin, isAllowed: isAdmin || isApproved };
}

/** Who may spend or hand over what is another's: its requester, and an admin. */
export function ownsSession(
  { requester }: Pick<Session, 'requester'>,
  who: string,
  { isAdmin }: Standing,
): boolean {
  return requester === who || isAdmin;
}

/**
 * Who may let a session change what runs with a repository's secrets: an admin, or somebody for whom the agent has worked
 * in it, since whoever works looks who that is. Where the place does not decide who may, that is only who asked for it.
 */
export function mayGiveLeave(
  session: Pick<Session, 'requester'>,
  who: string,
  standing: Standing,
  { hasHadWork, isByPlace }: { readonly hasHadWork: boolean; readonly isByPlace?: true },
): boolean {
  return standing.isAdmin || (hasHadWork && (isByPlace === true || ownsSession(session, who, standing)));
}

/**
 * Why nothing is done in a session for somebody, as whoever works on it found when it last looked at words of theirs;
 * undefined where something is, or nobody has looked yet.
 */
export function refusalIn(
  inbox: readonly Pick<InboxItem, 'requester' | 'outcome'>[],
  who: string,
): string | undefined {
  const judged = inbox.findLast(({ requester, outcome }) => {
    return requester === who && outcome !== undefined && !UNJUDGED.has(outcome.kind);
  });
  return judged?.outcome?.kind === 'refused' ? judged.outcome.reason : undefined;
}

const UNJUDGED: ReadonlySet<Outcome['kind']> = new Set(['cancelled', 'command-result']);
