import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { openForge } from '@swe/adapter-local/forge';
import { openSqliteStore, SqliteSessionStore } from '@swe/adapter-local/sqlite';
import type { InboxItem } from '@swe/domain';
import { ManualClock } from '@swe/testing/memory';
import { BOT, openLoopbackSlack, TEAM } from '@swe/testing/servers';
import type { SlackPost } from '@swe/testing/servers';
import { BROKEN_LIBRARY } from './broken-library';
import { openMachine } from './swe';
import type { Running } from './swe';

export const CHANNEL = 'C0GENERAL';
export const ADA = 'U0ADA';
export const BOB = 'U0BOB';

export type SlackTwin = Awaited<ReturnType<typeof openSlackTwin>>;

/** The built `swe up` on a machine of its own, with a repository `fares`, and a Slack workspace on loopback that it serves. */
export async function openSlackTwin() {
  const machine = openMachine();
  const slack = await openLoopbackSlack();
  slack.world.addPerson(ADA, 'Ada');
  slack.world.addPerson(BOB, 'Bob');
  slack.world.addChannel(CHANNEL, 'general');
  const env = { PATH: process.env['PATH'] ?? '', HOME: machine.folder };
  const forge = openForge({ folder: join(machine.folder, 'swe', 'forge'), env, clock: new ManualClock() });
  await forge.createRepository('fares', { files: BROKEN_LIBRARY });
  forge.close();
  let manager: Running | undefined;

  const access = {
    SLACK_BOT_TOKEN: slack.botToken,
    SLACK_APP_TOKEN: slack.appToken,
    SLACK_API_URL: slack.apiUrl,
  };

  const postsIn = (root: SlackPost): readonly SlackPost[] =>
    slack.world.repliesTo(root).filter(({ user }) => user === BOT.userId);

  return {
    machine,
    slack,
    access,
    async up(environment: Readonly<Record<string, string>>): Promise<Running> {
      manager = machine.start(['up'], { ...access, ADMIN_USER_ID_LIST: `${ADA},${BOB}`, ...environment });
      await manager.saw('Listening to Slack as @swe in Acme.');
      return manager;
    },
    /** Begins a thread with words for the agent, or speaks to it in one. */
    mention: (
      words: string,
      threadTs?: string,
      more: { readonly by?: string; readonly files?: readonly string[] } = {},
    ): SlackPost =>
      slack.people.say({
        by: ADA,
        channel: CHANNEL,
        text: `<@${BOT.userId}> ${words}`,
        ...(threadTs !== undefined && { threadTs }),
        ...more,
      }).post,
    /** The agent's mark on a message, once it is one of these. */
    marked: (post: SlackPost, ...wanted: readonly string[]): Promise<string> =>
      until(`${wanted.join(' or ')} on "${post.text}"`, () => {
        const marks = [...slack.world.reactionsTo(post)].filter(([, users]) => users.includes(BOT.userId));
        return marks.map(([name]) => name).find((name) => wanted.includes(name));
      }),
    /** What the agent posted in a thread. */
    posts: postsIn,
    /** The agent's post in a thread that contains these words, once it is there: a mark may be faster than words. */
    posted: (root: SlackPost, words: string): Promise<SlackPost> =>
      until(`"${words}"`, () => postsIn(root).find(({ text }) => text.includes(words))),
    /** The messages of a thread's session, as the twin has stored them. */
    async inbox({ channel, ts }: SlackPost): Promise<readonly InboxItem[]> {
      const database = openSqliteStore(join(machine.folder, 'swe', 'store.sqlite'));
      try {
        const store = new SqliteSessionStore(database);
        const session = await store.findSession(`slack:${TEAM.id}/${channel}/${ts}`);
        return session === undefined ? [] : await store.readInbox(session.id, 0);
      } finally {
        database.close();
      }
    },
    /** The processes whose environment names this machine's folder, and whose command line these words. */
    processes: (words = ''): readonly string[] =>
      readdirSync('/proc').filter((pid) => {
        try {
          const isHere = readFileSync(`/proc/${pid}/environ`, 'latin1').includes(machine.folder);
          return (
            isHere && readFileSync(`/proc/${pid}/cmdline`, 'latin1').replaceAll('\0', ' ').includes(words)
          );
        } catch {
          // No process, or one that has ended.
          return false;
        }
      }),
    async close(): Promise<void> {
      manager?.child.kill('SIGINT');
      await manager?.ended;
      await slack.close();
      machine.close();
    },
  };
}

const LOOK_EVERY_MS = 50;
const MOST_LOOKS = 1_200;

/** What `look` finds, as soon as it is there. Throws once it is not to be expected any more. */
export async function until<T>(what: string, look: () => T | undefined | Promise<T | undefined>): Promise<T> {
  for (let looks = 0; looks < MOST_LOOKS; looks += 1) {
    const found = await look();
    if (found !== undefined) return found;
    await sleep(LOOK_EVERY_MS);
  }
  throw new Error(`${what} did not come about`);
}
