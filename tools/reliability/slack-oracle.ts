import type { InboxItem, Outcome } from '@swe/domain';
import { BOT, TEAM } from '@swe/testing/servers';
import type { MemoryPost } from '@swe/testing/memory';
import { PEOPLE } from './slack-history';
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
  readonly kind: 'work' | 'refused' | 'command';
  /** False where the thread's session may have ended just before. */
  readonly isSure: boolean;
  /** It waits for an agent, and so can be edited and deleted. */
  readonly isOpen: boolean;
  readonly thread: Thread;
  /** An agent was at work since it was stored. */
  mayBeRead: boolean;
  isSettled: boolean;
  cancelled: 'no' | 'maybe' | 'yes';
  edit?: Edit;
}

interface Thread {
  /** Whether the agent takes part in it. `unsure`: somebody had it end. */
  ours: 'no' | 'yes' | 'unsure';
  /** Somebody said `stop` or `end`. */
  isStopped: boolean;
}

const REFUSAL = 'I may not work for you yet.';

/**
 * Who knows what was said, by whom and in which order it arrived, and from that alone what has to become of it. It knows
 * nothing of how the ingress goes about it.
 */
export class SlackOracle {
  readonly #hasAdmins: boolean;
  readonly #approved = new Set<string>([PEOPLE.ada, PEOPLE.bob, PEOPLE.friend]);
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
    const thread = this.#threads.get(said.thread) ?? { ours: 'no', isStopped: false };
    const fate = this.#fateOf(said, thread);
    if (fate === undefined) return;
    if (fate.kind === 'command') this.#decide(said);
    if (death === 'before') return;
    this.#fates.set(said.key, fate);
    this.#threads.set(said.thread, thread);
    if (fate.kind === 'work' && thread.ours === 'no') thread.ours = 'yes';
    if (fate.isOpen && (said.meaning === 'stop' || said.meaning === 'end')) thread.isStopped = true;
    if (fate.isOpen && said.meaning === 'end') thread.ours = 'unsure';
  }

  #fateOf(said: Saying, thread: Thread): Fate | undefined {
    const { by, isBot, isAddressed, how, meaning } = said;
    if (by === BOT.userId || (isBot && by !== PEOPLE.friend)) return undefined;
    const begins = isAddressed && how !== 'click';
    if (!begins && thread.ours === 'no') return undefined;
    const isSure = begins || thread.ours === 'yes';
    const rest = { mayBeRead: this.#isAgentAtWork, isSettled: false, cancelled: 'no' as const };
    const fate = { said, thread, isSure, ...rest };
    if (!this.#mayWork(by)) return isAddressed ? { ...fate, kind: 'refused', isOpen: false } : undefined;
    if (!begins || meaning === 'work') return { ...fate, kind: 'work', isOpen: true };
    const isForAgent = (meaning === 'stop' || meaning === 'end') && thread.ours !== 'no';
    return { ...fate, kind: 'command', isOpen: isForAgent };
  }

  #mayWork(person: string): boolean {
    return !this.#hasAdmins || person === PEOPLE.admin || this.#approved.has(person);
  }

  /** Done each time it arrives until it is stored. */
  #decide({ by, meaning, whom }: Saying): void {
    if (whom === undefined || !this.#hasAdmins || by !== PEOPLE.admin) return;
    if (meaning === 'approve') this.#approved.add(whom);
    if (meaning === 'revoke') this.#approved.delete(whom);
  }

  #edited(edit: Edit, death: SlackDeath): void {
    const fate = this.#fates.get(edit.of.key);
    // What never arrived is said by its edit.
    if (fate === undefined && edit.isAddressed) {
      return this.#said({ ...edit.of, text: edit.text, meaning: 'work' }, death);
    }
    if (fate === undefined || !fate.isOpen || fate.cancelled === 'yes') return;
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

function isWrong({ kind, cancelled, thread, isOpen, edit }: Fate, outcome: Outcome | undefined): boolean {
  if (outcome === undefined) return false;
  if (outcome.kind === 'cancelled') return cancelled === 'no';
  if (cancelled === 'yes') return true;
  if (kind === 'refused') return outcome.kind !== 'refused';
  if (kind === 'work') return isNoWork(thread, outcome);
  // A command that nobody has carried out yet may be edited into words.
  return outcome.kind !== 'command-result' && !(isOpen && edit !== undefined && !isNoWork(thread, outcome));
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

function isUnseen({ said }: Fate, { outcome }: InboxItem, posts: readonly MemoryPost[]): boolean {
  switch (outcome?.kind) {
    case 'answered':
      return !posts.some((post) => post.destination === said.thread && post.effectKey === outcome.replyKey);
    case 'command-result':
      return !posts.some((post) => post.destination === said.thread && post.body === outcome.text);
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
