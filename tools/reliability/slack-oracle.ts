import type { InboxItem, Outcome } from '@swe/domain';
import { BOT, TEAM } from '@swe/testing/servers';
import type { MemoryPost } from '@swe/testing/memory';
import { OUTSIDERS, PEOPLE } from './slack-history';
import type { Act, Deletion, Edit, Saying } from './slack-history';

/** What went wrong in a history, counted. All zero is what is promised. */
export interface SlackViolations {
  readonly withoutOutcome: number;
  readonly withTwoOutcomes: number;
  /** The one outcome is another than what was said calls for, such as an answer to whom the agent may not work for. */
  readonly wrongOutcomes: number;
  /** Stored although it was for nobody here. */
  readonly uninvited: number;
  /** Stored as somebody else's. */
  readonly misattributed: number;
  readonly editsLost: number;
  readonly filesLost: number;
  /** An outcome that nobody was told of, where it was asked for. */
  readonly unseenOutcomes: number;
  readonly postsDoubled: number;
  /** Of a person in a thread, told never or more than once. */
  readonly refusalsNotOnce: number;
}

export const NO_SLACK_VIOLATIONS: SlackViolations = {
  withoutOutcome: 0,
  withTwoOutcomes: 0,
  wrongOutcomes: 0,
  uninvited: 0,
  misattributed: 0,
  editsLost: 0,
  filesLost: 0,
  unseenOutcomes: 0,
  postsDoubled: 0,
  refusalsNotOnce: 0,
};

/** Where whoever took a body died: before its first write, or after. */
export type SlackDeath = 'before' | 'after' | undefined;

/** What is there in the end. `items` are all that is in any inbox. */
export interface SlackRemains {
  readonly items: readonly InboxItem[];
  readonly posts: readonly MemoryPost[];
}

/** What is to become of something that was said. */
interface Fate {
  readonly said: Saying;
  /** `barred`: whoever said it may speak to the agent, and it does nothing for them. */
  readonly kind: 'work' | 'barred' | 'refused' | 'command';
  /** False where the thread's session may have ended just before. */
  readonly isSure: boolean;
  /** It waits for an agent, and so can be edited and deleted. */
  readonly isOpen: boolean;
  /** Whose session it is for. */
  readonly thread: Thread;
  /** It takes a session over, which is possible without doubt. */
  readonly takesOver: boolean;
  /** An agent was at work since it was stored. */
  mayBeRead: boolean;
  isSettled: boolean;
  cancelled: 'no' | 'maybe' | 'yes';
  edit?: Edit;
}

interface Thread {
  readonly key: string;
  /** Whether the agent takes part in it. `unsure`: somebody had it end, or may have had it go on with another one's session. */
  ours: 'no' | 'yes' | 'unsure';
  /** Somebody said `stop` or `end`. */
  isStopped: boolean;
  /** Whether the session that bears its name began in it. */
  isNamed: boolean;
  /** Threads that may have a session in common, this one among them: what one's session says may be posted in another. */
  group: Set<Thread>;
}

const REFUSAL = 'I may not work for you yet.';
const PASSED_ON = /^I pass that on to/;
/** What is said of it when it is told again, for whoever told it first died behind it, is that it was done. */
const TAKEN_OVER = /^I go on with|is this thread’s already/;
/** By an admin, before the history begins. */
export const APPROVED: readonly string[] = [PEOPLE.ada, PEOPLE.bob, PEOPLE.friend, PEOPLE.guest];
const isOutsider = (person: string): boolean => OUTSIDERS.some((id) => id === person);

/**
 * Who knows what was said, by whom and in which order it arrived, and from that alone what has to become of it. It knows
 * nothing of how the ingress goes about it.
 */
export class SlackOracle {
  readonly #hasAdmins: boolean;
  readonly #approved = new Set<string>(APPROVED);
  readonly #threads = new Map<string, Thread>();
  readonly #fates = new Map<string, Fate>();
  /** Edits and deletions that may have become messages of their own, and in which thread. */
  readonly #mayBeTold = new Map<string, Fate>();
  #isAgentAtWork = false;

  constructor(hasAdmins: boolean) {
    this.#hasAdmins = hasAdmins;
  }

  agentBegins(): void {
    this.#isAgentAtWork = true;
    for (const fate of this.#fates.values()) fate.mayBeRead = true;
  }

  /** There is nothing left that it could work on. */
  agentRests(): void {
    this.#isAgentAtWork = false;
    for (const fate of this.#fates.values()) fate.isSettled = true;
  }

  /** A body that tells of `act` arrived. */
  arrived(act: Act, death: SlackDeath): void {
    if (act.kind === 'said') this.#said(act.said, death);
    else if (death === 'before') return;
    else if (act.kind === 'edited') this.#edited(act.edit, death);
    else this.#deleted(act.deletion);
  }

  #said(said: Saying, death: SlackDeath): void {
    if (this.#fates.has(said.key)) return;
    const thread = this.#threadOf(said.thread);
    const fate = this.#fateOf(said, thread);
    if (fate === undefined) return;
    if (fate.kind === 'command') this.#decide(said, thread, fate);
    if (death === 'before') return;
    this.#fates.set(said.key, fate);
    const isWork = fate.kind === 'work' || (fate.kind === 'barred' && said.meaning === 'work');
    if (isWork && thread.ours === 'no') [thread.ours, thread.isNamed] = ['yes', true];
    if (fate.kind !== 'command' || !fate.isOpen) return;
    for (const each of fate.thread.group) {
      each.isStopped = true;
      if (said.meaning === 'end' && each.ours === 'yes') each.ours = 'unsure';
    }
  }

  #threadOf(key: string): Thread {
    const known = this.#threads.get(key);
    if (known !== undefined) return known;
    const thread: Thread = { key, ours: 'no', isStopped: false, isNamed: false, group: new Set() };
    thread.group.add(thread);
    this.#threads.set(key, thread);
    return thread;
  }

  #fateOf(said: Saying, here: Thread): Fate | undefined {
    const { by, isBot, isAddressed, how, meaning, names } = said;
    if (by === BOT.userId || (isBot && by !== PEOPLE.friend)) return undefined;
    const begins = isAddressed && how !== 'click';
    if (!begins && here.ours === 'no') return undefined;
    const named = begins && names !== undefined ? this.#threadOf(names) : undefined;
    const isPassedOn = meaning === 'stop' || meaning === 'end';
    const thread = (isPassedOn ? named : undefined) ?? here;
    const isSure = begins || here.ours === 'yes';
    const rest = { mayBeRead: this.#isAgentAtWork, isSettled: false, cancelled: 'no' as const };
    const fate = { said, thread, isSure, takesOver: false, ...rest };
    if (!this.#mayWork(by)) return isAddressed ? { ...fate, kind: 'refused', isOpen: false } : undefined;
    const isForAgent = isPassedOn && thread.ours !== 'no';
    const isOpen = !begins || meaning === 'work' || isForAgent;
    if (isOpen && isOutsider(by)) return { ...fate, kind: 'barred', isOpen };
    if (!begins || meaning === 'work') return { ...fate, kind: 'work', isOpen };
    const isAdmin = this.#hasAdmins && by === PEOPLE.admin;
    const isFree = here.ours === 'no' && named?.ours === 'yes' && named.isNamed;
    const takesOver = meaning === 'take_over' && isAdmin && isFree && named.group.size === 1;
    return { ...fate, kind: 'command', isOpen, takesOver };
  }

  #mayWork(person: string): boolean {
    return !this.#hasAdmins || person === PEOPLE.admin || this.#approved.has(person);
  }

  /** Done each time it arrives until it is stored. */
  #decide({ by, meaning, whom, names }: Saying, here: Thread, { takesOver }: Fate): void {
    if (meaning === 'take_over' && names !== undefined) {
      this.#mayTakeOver(here, this.#threadOf(names), takesOver);
    }
    if (whom === undefined || !this.#hasAdmins || by !== PEOPLE.admin) return;
    if (meaning === 'approve') this.#approved.add(whom);
    if (meaning === 'revoke') this.#approved.delete(whom);
  }

  #mayTakeOver(here: Thread, named: Thread, isCertain: boolean): void {
    if (named.ours === 'no') return;
    if (here.ours === 'no') here.ours = isCertain ? 'yes' : 'unsure';
    const group = here.group.union(named.group);
    const isStopped = [...group].some((each) => each.isStopped);
    for (const each of group) Object.assign(each, { group, isStopped });
  }

  #edited(edit: Edit, death: SlackDeath): void {
    const fate = this.#fates.get(edit.of.key);
    // What never arrived is said by its edit, in its second write: the first finds nothing to change.
    if (fate === undefined && edit.isAddressed) {
      const isStored = death === undefined;
      return this.#said({ ...edit.of, text: edit.text, meaning: 'work' }, isStored ? death : 'before');
    }
    if (fate === undefined || !fate.isOpen || fate.cancelled === 'yes') return;
    // Whoever was let out since changes nothing of what they said.
    if (!this.#mayWork(edit.of.by)) return;
    this.#mayBeTold.set(edit.key, fate);
    if (death === undefined) fate.edit = edit;
  }

  #deleted({ key, of }: Deletion): void {
    const fate = this.#fates.get(of.key);
    if (fate === undefined || !fate.isOpen || fate.cancelled === 'yes' || fate.isSettled) return;
    const isCertain = !fate.mayBeRead && fate.isSure && fate.thread.ours === 'yes';
    fate.cancelled = isCertain ? 'yes' : 'maybe';
    if (!isCertain) this.#mayBeTold.set(key, fate);
  }

  judge({ items, posts }: SlackRemains): SlackViolations {
    const byKey = Map.groupBy(items, ({ messageKey }) => messageKey.split('#')[0] ?? '');
    const fates = [...this.#fates.values()];
    const found = fates.map((fate) => ({ fate, own: byKey.get(fate.said.key) ?? [] }));
    const told = [...this.#mayBeTold].map(([key, fate]) => ({ fate, own: byKey.get(key) ?? [] }));
    const stored = [...found, ...told].map(({ own }) => own);
    const isKnown = (key: string): boolean => this.#fates.has(key) || this.#mayBeTold.has(key);
    const keys = posts.map(({ destination, effectKey }) => `${destination} ${effectKey}`);
    return {
      withoutOutcome:
        found.filter(({ fate, own }) => fate.isSure && own.length === 0).length +
        stored.flat().filter(({ outcome }) => outcome === undefined).length,
      withTwoOutcomes: stored.filter((own) => own.length > 1).length,
      wrongOutcomes:
        found.filter(({ fate, own }) => own.some(({ outcome }) => isWrong(fate, outcome))).length +
        told.filter(({ fate, own }) => own.some(({ outcome }) => isNoWork(fate.thread, outcome))).length,
      uninvited: [...byKey].filter(([key]) => !isKnown(key)).length,
      misattributed: [...found, ...told].filter(({ fate, own }) =>
        own.some(({ requester }) => requester !== `slack:${TEAM.id}/${fate.said.by}`),
      ).length,
      editsLost: found.filter(({ fate, own }) => isEditLost(fate, own, byKey)).length,
      filesLost: found.filter(({ fate, own }) => own.some((item) => areFilesLost(fate, item))).length,
      unseenOutcomes: found.filter(({ fate, own }) => own.some((item) => isUnseen(fate, item, posts))).length,
      postsDoubled: keys.length - new Set(keys).size,
      refusalsNotOnce: refusalsNotOnce(fates, posts),
    };
  }
}

/** What comes right behind an `end` is refused, and opens a session when it is sent again. */
const mayBeTurnedAway = ({ ours }: Thread): boolean => ours === 'unsure';

function isNoWork(thread: Thread, outcome: Outcome | undefined): boolean {
  switch (outcome?.kind) {
    case undefined:
    case 'answered':
      return false;
    case 'stopped':
      return !thread.isStopped;
    case 'refused':
      return !mayBeTurnedAway(thread);
    default:
      return true;
  }
}

function isWrong(fate: Fate, outcome: Outcome | undefined): boolean {
  const { kind, cancelled, thread, isOpen, edit, takesOver } = fate;
  if (outcome === undefined) return false;
  if (outcome.kind === 'cancelled') return cancelled === 'no';
  if (cancelled === 'yes') return true;
  if (kind === 'refused') return outcome.kind !== 'refused';
  if (kind === 'barred') return outcome.kind !== 'refused' && !isUnheard(fate, outcome);
  if (kind === 'work') return isNoWork(thread, outcome);
  if (takesOver) return outcome.kind !== 'command-result' || !TAKEN_OVER.test(outcome.text);
  // Whoever was refused in a session before commands nothing there either.
  if (outcome.kind === 'refused' && !isOpen) return !isOutsider(fate.said.by);
  // A command that nobody has carried out yet may be edited into words.
  return outcome.kind !== 'command-result' && !(isOpen && edit !== undefined && !isNoWork(thread, outcome));
}

/** A command for a session that has ended meanwhile is answered as that. */
const isUnheard = ({ said, thread }: Fate, { kind }: Outcome): boolean =>
  said.meaning !== 'work' && mayBeTurnedAway(thread) && kind === 'command-result';

function areFilesLost({ said, kind, edit }: Fate, { body }: InboxItem): boolean {
  if (kind !== 'work' || edit !== undefined || body.kind !== 'text') return false;
  const refs = body.files?.map(({ ref }) => ref) ?? [];
  return refs.join() !== said.files.map((id) => `slack:${TEAM.id}/${id}`).join();
}

/** Where the session has not ended, what was edited is read: in the message's place, or as a message of its own. */
function isEditLost(
  { edit, cancelled, isSure, thread, kind }: Fate,
  own: readonly InboxItem[],
  byKey: ReadonlyMap<string, readonly InboxItem[]>,
): boolean {
  if (edit === undefined || cancelled !== 'no' || !isSure || thread.ours !== 'yes' || kind !== 'work')
    return false;
  const isInPlace = own.some(({ body }) => body.kind === 'text' && body.text === edit.text);
  return !isInPlace && !byKey.has(edit.key);
}

function isUnseen(
  { said, thread, kind }: Fate,
  { outcome }: InboxItem,
  posts: readonly MemoryPost[],
): boolean {
  const places = new Set([...thread.group].map(({ key }) => key).concat(said.thread));
  const there = posts.filter(({ destination }) => places.has(destination));
  const here = posts.filter(({ destination }) => destination === said.thread);
  switch (outcome?.kind) {
    case 'answered':
      return !there.some(({ effectKey }) => effectKey === outcome.replyKey);
    case 'refused':
      return kind !== 'refused' && kind !== 'work' && !there.some(({ body }) => body === outcome.reason);
    case 'command-result':
      if (!there.some(({ body }) => body === outcome.text)) return true;
      return !here.some(({ body }) => body === outcome.text || PASSED_ON.test(body));
    default:
      return false;
  }
}

function refusalsNotOnce(fates: readonly Fate[], posts: readonly MemoryPost[]): number {
  const placeOf = (thread: string, person: string): string => `${thread} ${person}`;
  const shown = posts
    .filter(({ body }) => body.startsWith(REFUSAL))
    .map(({ destination, onlyFor = '' }) =>
      placeOf(destination, onlyFor.slice(onlyFor.lastIndexOf('/') + 1)),
    );
  const refused = fates.filter(({ kind }) => kind === 'refused');
  const places = (of: readonly Fate[]) => new Set(of.map(({ said }) => placeOf(said.thread, said.by)));
  const [due, possible] = [places(refused.filter(({ isSure }) => isSure)), places(refused)];
  const missing = [...due].filter((place) => !shown.includes(place)).length;
  const strange = shown.filter((place) => !possible.has(place)).length;
  return missing + strange + (shown.length - new Set(shown).size);
}
