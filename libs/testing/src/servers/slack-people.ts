import {
  blockActions,
  changedEvent,
  deletedEvent,
  editEventsOf,
  eventCallback,
  eventsOf,
  homeOpenedEvent,
  slashCommand,
  threadStartedEvent,
} from './slack-events';
import type { SlackClick, SlackCommand } from './slack-events';
import type { SlackAttempt } from './slack-deliveries';
import type { SlackPost, SlackWorld } from './slack-world';

/** How the app is told: signed requests or envelopes over a WebSocket. One result for each thing that was told. */
export interface SlackTeller {
  event(callback: object): Promise<readonly SlackAttempt[]>;
  command(form: Readonly<Record<string, string>>): Promise<readonly SlackAttempt[]>;
  click(payload: object): Promise<readonly SlackAttempt[]>;
}

export interface SlackSaying {
  readonly by: string;
  readonly channel: string;
  readonly text: string;
  readonly threadTs?: string;
  /** File ids. */
  readonly files?: readonly string[];
  /** Shown in the channel as well as in its thread. */
  readonly isBroadcast?: boolean;
  /** Said by a program over a webhook: https://docs.slack.dev/reference/events/message/bot_message */
  readonly isBotMessage?: boolean;
}

/** What happened, and how telling the app of it went, for each of its events. */
export interface SlackTold {
  readonly post: SlackPost;
  readonly told: Promise<readonly (readonly SlackAttempt[])[]>;
}

/** What people do in the workspace. The app is told of it as soon as it has happened. */
export class SlackPeople {
  readonly #world: SlackWorld;
  readonly #nowMs: () => number;
  readonly #baseUrl: string;
  readonly #teller: () => SlackTeller | undefined;

  constructor(
    world: SlackWorld,
    nowMs: () => number,
    baseUrl: string,
    teller: () => SlackTeller | undefined,
  ) {
    this.#world = world;
    this.#nowMs = nowMs;
    this.#baseUrl = baseUrl;
    this.#teller = teller;
  }

  say(saying: SlackSaying): SlackTold {
    const { by, channel, text, threadTs, files = [] } = saying;
    const subtype = subtypeOf(saying);
    this.#share(files, channel);
    const post = this.#world.add({
      channel,
      user: by,
      text,
      files,
      ...(threadTs !== undefined && { threadTs }),
      ...(subtype !== undefined && { subtype }),
    });
    return { post, told: this.#tell(eventsOf(this.#world, post, this.#baseUrl)) };
  }

  edit(before: SlackPost, text: string): SlackTold {
    const ts = this.#world.nextTs();
    const post = this.#world.replace({ ...before, text, edited: { user: before.user, ts } });
    const view = { baseUrl: this.#baseUrl, ts };
    return { post, told: this.#tell(editEventsOf(this.#world, post, before, view)) };
  }

  /** Opens a tab of the app's; each time the app is told again. */
  open(by: string, channel: string, tab: 'home' | 'messages' = 'messages'): Pick<SlackTold, 'told'> {
    const ts = this.#world.nextTs();
    return { told: this.#tell([homeOpenedEvent(by, channel, { tab, ts })]) };
  }

  /** Opens the pane of an app with `assistant_view`: a thread of its own, whose root is nobody's words. */
  startThread(by: string, channel: string): SlackTold {
    const post = this.#world.add({ channel, user: by, text: 'New chat', subtype: 'assistant_app_thread' });
    return { post, told: this.#tell([threadStartedEvent(by, post)]) };
  }

  /** Slack shows a link's page, which changes a message although nobody edited it. */
  unfurl(before: SlackPost): SlackTold {
    const ts = this.#world.nextTs();
    const event = changedEvent(this.#world, before, before, { baseUrl: this.#baseUrl, ts });
    return { post: before, told: this.#tell([event]) };
  }

  /** One that has answers becomes a tombstone, which is told as a change. */
  delete(before: SlackPost): SlackTold {
    const ts = this.#world.nextTs();
    const view = { baseUrl: this.#baseUrl, ts };
    const gone = deletedEvent(this.#world, before, view);
    this.#world.remove(before);
    const tombstone = this.#world.find(before.channel, before.ts);
    const event = tombstone === undefined ? gone : changedEvent(this.#world, tombstone, before, view);
    return { post: before, told: this.#tell([event]) };
  }

  async command(command: SlackCommand): Promise<readonly SlackAttempt[]> {
    const form = slashCommand(this.#world, command, this.#triggerId());
    return (await this.#teller()?.command(form)) ?? [];
  }

  async click(click: SlackClick): Promise<readonly SlackAttempt[]> {
    const view = { baseUrl: this.#baseUrl, ts: this.#world.nextTs(), triggerId: this.#triggerId() };
    return (await this.#teller()?.click(blockActions(this.#world, click, view))) ?? [];
  }

  #tell(events: readonly object[]): Promise<readonly (readonly SlackAttempt[])[]> {
    const teller = this.#teller();
    if (teller === undefined) return Promise.resolve([]);
    return Promise.all(
      events.map((event) => teller.event(eventCallback(event, this.#world.nextId('Ev'), this.#nowMs()))),
    );
  }

  #share(files: readonly string[], channel: string): void {
    for (const id of files) {
      const file = this.#world.files.get(id);
      if (file === undefined) throw new Error(`there is no file ${id}`);
      this.#world.setFile({ ...file, channels: [...file.channels, channel] });
    }
  }

  #triggerId(): string {
    return `${this.#world.nextTs()}.${this.#world.nextId('X')}`;
  }
}

function subtypeOf({ files = [], isBroadcast, isBotMessage }: SlackSaying): string | undefined {
  if (isBotMessage === true) return 'bot_message';
  if (isBroadcast === true) return 'thread_broadcast';
  return files.length > 0 ? 'file_share' : undefined;
}
