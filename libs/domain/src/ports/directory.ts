/** A requester as the chat they write in knows them. */
export interface Person {
  readonly name: string;
  /** As in BCP 47: `de-DE`. */
  readonly locale?: string;
  /** What commits are credited to them by; absent where their host has no such address. */
  readonly commitEmail?: string;
  readonly isBot: boolean;
  /** Has only part of the workspace to see. */
  readonly isGuest: boolean;
  /** Belongs to another organisation. */
  readonly isForeign: boolean;
  /** May not change the place that was asked about. Set also where that can't be found out and strangers come in. */
  readonly canOnlyRead?: true;
  /** Nor see it. Set also where that can't be found out. */
  readonly cannotRead?: true;
  /** False: nothing is known, the rest is made up. Whoever decides by it asks later, or refuses. */
  readonly isKnown: boolean;
}

export interface Channel {
  readonly name: string;
  readonly isKnown: boolean;
}

/**
 * Who is who. A name never fails: a turn must not end because one could not be had. What somebody may do at a place can't
 * be made up: where that is not to be known for now, `person` throws `transient` or `throttled`.
 *
 * - a known person has their name and what their place in the workspace is
 * - whoever is unknown, or can't be looked up, is a placeholder with a name from the id
 * - where people's standing is a matter of the place, whoever may not write there, or was not found to, can only read
 * - where not everybody can see a place, whoever may not, or was not found to, cannot read it either
 * - a channel has its name, an unknown one a placeholder
 */
export interface Directory {
  /**
   * `id` is a requester: `slack:<team>/<user>`. `place` is the key of something they wrote, for where people's standing
   * is a matter of the place.
   */
  person(id: string, place?: string): Promise<Person>;
  /** `id` is what a destination in it begins with: `slack:<team>/<channel>`. */
  channel(id: string): Promise<Channel>;
}

/** Of somebody nobody knows: `local:ada` is called `ada`. */
export function placeholderPerson(id: string): Person {
  return { name: lastPart(id), isBot: false, isGuest: false, isForeign: false, isKnown: false };
}

export function placeholderChannel(id: string): Channel {
  return { name: lastPart(id), isKnown: false };
}

function lastPart(id: string): string {
  return id.split(/[:/]/).findLast((part) => part !== '') ?? id;
}
