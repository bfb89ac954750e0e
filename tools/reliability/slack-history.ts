import {
  blockActions,
  BOT,
  changedEvent,
  deletedEvent,
  editEventsOf,
  eventCallback,
  eventsOf,
  OTHER_TEAM,
  slashCommand,
  SlackWorld,
  TEAM,
} from '@swe/testing/servers';
import { sessionIdOf } from '@swe/domain';
import type { SlackPersonKind, SlackPost } from '@swe/testing/servers';
import type { Chance } from './chance';

const BASE_URL = 'http://slack.invalid';
const CHANNELS = ['C0ONE', 'C0TWO'] as const;
const MOST_ACTS = 10;
const BUTTON = 'swe_choice_0';
const NAMING = ['status', 'cost', 'history'] as const;
const COMMANDS = ['status', 'cost', 'history', 'help', 'list_users', '', 'approve_user', '/status'] as const;

/** Who there is; what they may is the configuration's affair. */
export const PEOPLE = {
  admin: 'U0ADMIN',
  ada: 'U0ADA',
  bob: 'U0BOB',
  eve: 'U0EVE',
  guest: 'U0GUEST',
  foreigner: 'U0FOREIGNER',
  friend: 'U0FRIEND',
  stranger: 'U0STRANGER',
} as const;
const PERSONS = [PEOPLE.admin, PEOPLE.ada, PEOPLE.bob, PEOPLE.eve, PEOPLE.eve] as const;
const BOTS: readonly string[] = [PEOPLE.friend, PEOPLE.stranger];
/** The agent does no work for them, whoever approved them. */
export const OUTSIDERS = [PEOPLE.guest, PEOPLE.foreigner] as const;
const KINDS: Readonly<Record<string, SlackPersonKind>> = {
  ...Object.fromEntries(BOTS.map((id) => [id, 'bot'])),
  [PEOPLE.guest]: 'guest',
  [PEOPLE.foreigner]: 'foreign',
};

/** What people are at in a history: chance alone would hardly ever bring together what has to meet. */
interface Mood {
  readonly commands: readonly [Meaning, ...Meaning[]];
  /** How often somebody says one. */
  readonly ofCommands: number;
  /** How often what is said in a thread is said in the first one. */
  readonly ofFirst: number;
}
const ANYTHING: Mood = {
  commands: ['command', 'stop', 'end', 'approve', 'revoke', 'take_over', 'take_over'],
  ofCommands: 0.1,
  ofFirst: 0,
};
const ENDING: Mood = {
  commands: ['command', 'stop', 'end', 'end', 'take_over'],
  ofCommands: 0.45,
  ofFirst: 0.9,
};
const ADMITTING: Mood = { commands: ['approve', 'revoke'], ofCommands: 0.5, ofFirst: 0.5 };
const MOODS = [ANYTHING, ENDING, ADMITTING] as const;

/** What words are meant to be: work for the agent, or a command that is answered without one. */
export type Meaning = 'work' | 'command' | 'stop' | 'end' | 'approve' | 'revoke' | 'take_over';

/** Something that was said, as whoever made it up knows it. */
export interface Saying {
  /** Its identity, and that of its thread: `slack:<team>/<channel>/<ts>`. */
  readonly key: string;
  readonly thread: string;
  readonly by: string;
  readonly isBot: boolean;
  readonly isAddressed: boolean;
  readonly how: 'post' | 'click' | 'slash';
  readonly meaning: Meaning;
  /** Unique where it is work. */
  readonly text: string;
  /** Whom an `approve` or `revoke` is about. */
  readonly whom?: string;
  /** The thread whose first session a command names. */
  readonly names?: string;
  /** As the agent fetches them. */
  readonly files: readonly string[];
}

export interface Edit {
  readonly key: string;
  readonly of: Saying;
  readonly text: string;
  /** By a mention, which it has where the message had one. */
  readonly isAddressed: boolean;
}

export interface Deletion {
  readonly key: string;
  readonly of: Saying;
}

export type Act =
  | { readonly kind: 'said'; readonly said: Saying }
  | { readonly kind: 'edited'; readonly edit: Edit }
  | { readonly kind: 'deleted'; readonly deletion: Deletion };

/** What Slack is to send of an act: a body that is the same however often it is sent. */
export interface SlackBody {
  readonly act: Act;
  readonly contentType: string;
  readonly body: string;
}

/** What people did in a workspace, act by act, each with the bodies that tell of it: two where the app is mentioned. */
export type SlackHistory = readonly (readonly SlackBody[])[];

/** A small history of mentions, replies, direct messages, commands, clicks, edits, deletions, and words for others. */
export function slackHistoryOf(chance: Chance, nowMs: () => number): SlackHistory {
  return new HistoryWriter(chance, nowMs).write();
}

class HistoryWriter {
  readonly #chance: Chance;
  readonly #nowMs: () => number;
  readonly #world: SlackWorld;
  readonly #changeable = new Map<Saying, SlackPost>();
  /** What commands are about, and how many there are. */
  readonly #mood: Mood;
  #threads: SlackPost[] = [];
  #count = 0;

  constructor(chance: Chance, nowMs: () => number) {
    this.#chance = chance;
    this.#nowMs = nowMs;
    this.#mood = chance.oneOf(MOODS);
    this.#world = new SlackWorld(nowMs);
    for (const id of Object.values(PEOPLE)) {
      this.#world.addPerson(id, id, KINDS[id]);
    }
    for (const id of CHANNELS) this.#world.addChannel(id, id.toLowerCase());
    for (const id of [...PERSONS, ...OUTSIDERS]) {
      this.#world.addChannel(directWith(id), id.toLowerCase(), 'im');
    }
  }

  write(): SlackHistory {
    const acts = [this.#mention(this.#chance.happens(0.7) ? PEOPLE.ada : PEOPLE.eve)];
    const more = 1 + this.#chance.integer(MOST_ACTS);
    while (acts.length <= more) acts.push(this.#act());
    return acts;
  }

  #act(): readonly SlackBody[] {
    if (this.#chance.happens(this.#mood.ofCommands)) return this.#command();
    const kind = this.#chance.fraction();
    if (kind < 0.22) return this.#mention();
    if (kind < 0.31) return this.#direct();
    if (kind < 0.39) return this.#say({ text: this.#text() });
    if (kind < 0.61) return this.#reply();
    if (kind < 0.69) return this.#click();
    if (kind < 0.75) return this.#slash();
    if (kind < 0.77) return this.#own();
    return (kind < 0.89 ? this.#edit() : this.#delete()) ?? this.#reply();
  }

  #mention(by = this.#author()): readonly SlackBody[] {
    const files = this.#chance.happens(0.15) ? [this.#file(by)] : [];
    const words = files.length > 0 && this.#chance.happens(0.3) ? '' : this.#text();
    return this.#say({ by, text: `<@${BOT.userId}> ${words}`, files, ...this.#somewhere(0.5) });
  }

  #direct(): readonly SlackBody[] {
    const by = this.#person();
    const channel = directWith(by);
    const root = this.#threads.find((post) => post.channel === channel);
    const place = root === undefined || this.#chance.happens(0.5) ? {} : { threadTs: root.ts };
    return this.#say({ by, channel, ...place, text: this.#text() });
  }

  #reply(): readonly SlackBody[] {
    const by = this.#author();
    const files = this.#chance.happens(0.15) ? [this.#file(by)] : [];
    return this.#say({ by, text: this.#text(), files, ...this.#somewhere(1) });
  }

  #file(by: string): string {
    return this.#world.addFile(by, 'notes.txt', Uint8Array.of(1), 'text/plain').id;
  }

  #own(): readonly SlackBody[] {
    return this.#say({ by: BOT.userId, text: 'I am at it.', ...this.#somewhere(1) });
  }

  #command(): readonly SlackBody[] {
    const meaning = this.#chance.oneOf(this.#mood.commands);
    const whom = this.#chance.oneOf([PEOPLE.eve, PEOPLE.eve, PEOPLE.bob]);
    const isAboutPeople = meaning === 'approve' || meaning === 'revoke';
    const named = meaning === 'take_over' || this.#chance.happens(0.25) ? this.#named() : undefined;
    const isNaming = !isAboutPeople && named !== undefined;
    const plain = meaning === 'command' ? this.#chance.oneOf(isNaming ? NAMING : COMMANDS) : meaning;
    const words = isNaming ? `${plain} ${sessionIdOf(named, 1)}` : plain;
    const place = this.#somewhere(meaning === 'take_over' ? 0.3 : 0.7);
    return this.#say({
      by: this.#chance.happens(0.6) ? PEOPLE.admin : this.#person(),
      ...place,
      meaning: plain === 'take_over' && !isNaming ? 'command' : meaning,
      text: `<@${BOT.userId}> ${isAboutPeople ? `${meaning}_user <@${whom}>` : words}`,
      ...(isAboutPeople && { whom }),
      ...(isNaming && { names: named }),
    });
  }

  /** A thread that there is, by its identity. */
  #named(): string | undefined {
    const [first, ...others] = this.#threads;
    if (first === undefined) return undefined;
    const { channel, ts } = this.#chance.happens(0.5) ? first : this.#chance.oneOf([first, ...others]);
    return idOf(channel, ts);
  }

  #person(): string {
    return this.#chance.happens(0.1) ? this.#chance.oneOf(OUTSIDERS) : this.#chance.oneOf(PERSONS);
  }

  /** In a thread that is there with this probability, else in none. */
  #somewhere(probability: number): { readonly channel: string; readonly threadTs?: string } {
    const threads = this.#threads.filter(({ channel }) => !channel.startsWith('D'));
    const [first, ...others] = threads;
    if (first !== undefined && this.#chance.happens(Math.max(probability, this.#mood.ofFirst))) {
      const isFirst = this.#chance.happens(this.#mood.ofFirst);
      const { channel, ts } = isFirst ? first : this.#chance.oneOf([first, ...others]);
      return { channel, threadTs: ts };
    }
    return { channel: this.#chance.oneOf(CHANNELS) };
  }

  #say({
    by = this.#author(),
    channel = this.#chance.oneOf(CHANNELS),
    threadTs,
    text,
    meaning = 'work',
    whom,
    names,
    files = [],
  }: {
    readonly by?: string;
    readonly channel?: string;
    readonly threadTs?: string;
    readonly text: string;
    readonly meaning?: Meaning;
    readonly whom?: string;
    readonly names?: string;
    readonly files?: readonly string[];
  }): readonly SlackBody[] {
    const place = { channel, ...(threadTs !== undefined && { threadTs }) };
    const subtype = files.length > 0 ? { subtype: 'file_share' } : {};
    const post = this.#world.add({ ...place, ...subtype, user: by, text, files });
    if (threadTs === undefined) this.#threads.push(post);
    const said: Saying = {
      key: idOf(channel, post.ts),
      thread: idOf(channel, threadTs ?? post.ts),
      by,
      isBot: BOTS.includes(by),
      isAddressed: channel.startsWith('D') || text.includes(`<@${BOT.userId}>`),
      how: 'post',
      meaning,
      text: text.replace(`<@${BOT.userId}>`, '').trim(),
      files,
      ...(whom !== undefined && { whom }),
      ...(names !== undefined && { names }),
    };
    if (by !== BOT.userId && !said.isBot) this.#changeable.set(said, post);
    return eventsOf(this.#world, post, BASE_URL).map((event) =>
      this.#callback(event, { kind: 'said', said }),
    );
  }

  #author(): string {
    if (this.#mood === ADMITTING && this.#chance.happens(0.5)) return PEOPLE.eve;
    return this.#chance.happens(0.15) ? this.#chance.oneOf([PEOPLE.friend, PEOPLE.stranger]) : this.#person();
  }

  /** Of a button under a question of the agent's. */
  #click(): readonly SlackBody[] {
    const by = this.#person();
    const text = this.#text();
    const words = { type: 'plain_text', text };
    const button = { type: 'button', action_id: BUTTON, text: words, value: text };
    const post = this.#world.add({
      ...this.#somewhere(1),
      user: BOT.userId,
      text: 'Which?',
      blocks: [{ type: 'actions', block_id: 'b', elements: [button] }],
    });
    const { channel, ts, threadTs = ts } = post;
    const clickTs = this.#world.nextTs();
    const view = { baseUrl: BASE_URL, ts: clickTs, triggerId: this.#world.nextId('T') };
    const payload = JSON.stringify(blockActions(this.#world, { by, post, actionId: BUTTON }, view));
    const key = `slack:${TEAM.id}/${channel}/click/${ts}/${by}/${clickTs}`;
    const who = { by, isBot: false, isAddressed: true, meaning: 'work', files: [] } as const;
    const said: Saying = { ...who, key, thread: idOf(channel, threadTs), how: 'click', text };
    return [formOf({ payload }, { kind: 'said', said })];
  }

  #slash(): readonly SlackBody[] {
    const by = this.#person();
    const channel = this.#chance.oneOf(CHANNELS);
    const trigger = this.#world.nextId('T');
    const names = this.#chance.happens(0.4) ? this.#named() : undefined;
    const naming = this.#chance.oneOf(['stop', 'end', 'cost', 'take_over']);
    const plain = this.#chance.oneOf(['status', 'help', 'stop', this.#text()]);
    const text = names === undefined ? plain : `${naming} ${sessionIdOf(names, 1)}`;
    const isForAgent = names !== undefined && (naming === 'stop' || naming === 'end');
    const form = slashCommand(this.#world, { by, channel, command: '/swe', text }, trigger);
    const thread = `slack:${TEAM.id}/${channel}`;
    const who = { by, isBot: false, isAddressed: true, files: [], how: 'slash', thread } as const;
    const key = `${thread}/command/${trigger}`;
    const meaning = isForAgent ? naming : 'command';
    const said: Saying = { ...who, key, text, meaning, ...(isForAgent && { names }) };
    return [formOf(form, { kind: 'said', said })];
  }

  /** Each post is changed once at most. */
  #taken(): readonly [Saying, SlackPost] | undefined {
    const [first, ...others] = this.#changeable;
    return first && this.#chance.oneOf([first, ...others]);
  }

  #edit(): readonly SlackBody[] | undefined {
    const [of, before] = this.#taken() ?? [];
    if (of === undefined || before === undefined || before.edited !== undefined) return undefined;
    const ts = this.#world.nextTs();
    const text = this.#text();
    const mention = before.text.includes(`<@${BOT.userId}>`) ? `<@${BOT.userId}> ` : '';
    const current = this.#world.get(before.channel, before.ts);
    const edited = { ...current, text: `${mention}${text}`, edited: { user: before.user, ts } };
    const after = this.#world.replace(edited);
    this.#changeable.set(of, after);
    const events = editEventsOf(this.#world, after, before, { baseUrl: BASE_URL, ts });
    const edit = { key: `${of.key}/${ts}`, of, text, isAddressed: mention !== '' };
    return events.map((event) => this.#callback(event, { kind: 'edited', edit }));
  }

  #delete(): readonly SlackBody[] | undefined {
    const [of, before] = this.#taken() ?? [];
    if (of === undefined || before === undefined) return undefined;
    this.#changeable.delete(of);
    this.#threads = this.#threads.filter(({ ts }) => ts !== before.ts);
    const view = { baseUrl: BASE_URL, ts: this.#world.nextTs() };
    const gone = deletedEvent(this.#world, before, view);
    this.#world.remove(before);
    const tombstone = this.#world.find(before.channel, before.ts);
    const event = tombstone === undefined ? gone : changedEvent(this.#world, tombstone, before, view);
    return [this.#callback(event, { kind: 'deleted', deletion: { key: `${of.key}/deleted`, of } })];
  }

  /** A channel may be shared with another workspace, which the outer part then names: the app is in ours all the same. */
  #callback(event: object, act: Act): SlackBody {
    const told = eventCallback(event, this.#world.nextId('E'), this.#nowMs());
    const shared = this.#chance.happens(0.2) ? { team_id: OTHER_TEAM, context_team_id: OTHER_TEAM } : {};
    return { act, contentType: 'application/json', body: JSON.stringify({ ...told, ...shared }) };
  }

  #text(): string {
    this.#count += 1;
    return `Do ${this.#count} things.`;
  }
}

const directWith = (person: string): string => `D${person.slice(1)}`;
const idOf = (channel: string, ts: string): string => `slack:${TEAM.id}/${channel}/${ts}`;

function formOf(form: Readonly<Record<string, string>>, act: Act): SlackBody {
  const body = new URLSearchParams(form).toString();
  return { act, contentType: 'application/x-www-form-urlencoded', body };
}
