import { placeholderChannel, placeholderPerson } from '@swe/domain';
import type { Channel, Clock, Directory, Logger, Person } from '@swe/domain';
import type { WebClient } from '@slack/web-api';
import { z } from 'zod';

export interface SlackDirectoryOptions {
  client(): Promise<WebClient>;
  readonly clock: Pick<Clock, 'monotonicMs'>;
  readonly logger: Pick<Logger, 'warn'>;
}

const KEPT_MS = 10 * 60_000;

/** https://docs.slack.dev/reference/objects/user-object */
const answer = z.object({
  user: z.object({
    name: z.string().optional(),
    real_name: z.string().optional(),
    profile: z.object({ display_name: z.string().optional(), real_name: z.string().optional() }).optional(),
    locale: z.string().optional(),
    team_id: z.string().optional(),
    is_bot: z.boolean().default(false),
    is_restricted: z.boolean().default(false),
    is_ultra_restricted: z.boolean().default(false),
    is_stranger: z.boolean().default(false),
  }),
});
const channelAnswer = z.object({ channel: z.object({ name: z.string() }) });

interface Kept<T> {
  readonly untilMs: number;
  readonly value: Promise<T>;
}

/** People and channels of a Slack workspace, kept for ten minutes. Whoever can't be looked up is asked for again. */
export class SlackDirectory implements Directory {
  readonly #options: SlackDirectoryOptions;
  readonly #people = new Map<string, Kept<Person>>();
  readonly #channels = new Map<string, Kept<Channel>>();

  constructor(options: SlackDirectoryOptions) {
    this.#options = options;
  }

  async person(id: string): Promise<Person> {
    const [, team, user] = /^slack:([A-Z0-9]+)\/([A-Z0-9]+)$/.exec(id) ?? [];
    if (team === undefined || user === undefined) return placeholderPerson(id);
    return this.#kept(this.#people, id, placeholderPerson(id), async (client) => {
      const found = answer.parse(await client.users.info({ user, include_locale: true })).user;
      const { profile, real_name: realName, name, locale } = found;
      return {
        // Either may be an empty string.
        name: profile?.display_name || profile?.real_name || realName || name || user,
        ...(locale !== undefined && { locale }),
        isBot: found.is_bot,
        isGuest: found.is_restricted || found.is_ultra_restricted,
        isForeign: found.is_stranger || (found.team_id !== undefined && found.team_id !== team),
        isKnown: true,
      };
    });
  }

  async channel(id: string): Promise<Channel> {
    const channel = /^slack:[A-Z0-9]+\/([A-Z0-9]+)$/.exec(id)?.[1];
    if (channel === undefined) return placeholderChannel(id);
    return this.#kept(this.#channels, id, placeholderChannel(id), async (client) => {
      const { name } = channelAnswer.parse(await client.conversations.info({ channel })).channel;
      return { name, isKnown: true };
    });
  }

  async #kept<T>(
    all: Map<string, Kept<T>>,
    id: string,
    placeholder: T,
    ask: (client: WebClient) => Promise<T>,
  ): Promise<T> {
    const { client, clock, logger } = this.#options;
    const nowMs = clock.monotonicMs();
    let kept = all.get(id);
    if (kept === undefined || nowMs >= kept.untilMs) {
      kept = { untilMs: nowMs + KEPT_MS, value: client().then(ask) };
      all.set(id, kept);
    }
    try {
      return await kept.value;
    } catch (error) {
      all.delete(id);
      logger.warn('directory.unreadable', { id, reason: String(error) });
      return placeholder;
    }
  }
}
