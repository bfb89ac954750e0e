import { afterEach, describe, expect, it } from '@jest/globals';
import type { Person } from '@swe/domain';
import { directoryContract, expectFault, runContract } from '@swe/testing/contracts';
import { ManualClock } from '@swe/testing/memory';
import { GithubRefusal, openLoopbackGithub, secondaryRateLimit } from '@swe/testing/servers';
import type { LoopbackGithub } from '@swe/testing/servers';
import { GithubClient } from '../github-client';
import { githubServer } from '../github-server';
import { GithubDirectory } from './github-directory';

const ADA: Person = {
  name: 'Ada',
  commitEmail: addressOf('ada'),
  isBot: false,
  isGuest: false,
  isForeign: false,
  isKnown: true,
};

/** With the number that the loopback gave the account, and its host. */
function addressOf(login: string): string {
  return expect.stringMatching(
    `^\\d+\\+${RegExp.escape(login)}@users\\.noreply\\.127\\.0\\.0\\.1$`,
  ) as unknown as string;
}

/** GitHub with `acme/shop`, where Ada has `role`, and the agent's user `own`. */
async function open({ role = 'write', own = 'write' }: { role?: Role; own?: Role } = {}) {
  const clock = new ManualClock();
  const github = await openLoopbackGithub({ clock });
  const { world, tokens } = github;
  world.addUser('acme', 'Organization');
  world.addUser('ada', 'User', 'Ada');
  world.addUser('swe-agent');
  world.addApp('friend');
  const shop = world.addRepository('acme/shop', { collaborators: { ada: role, 'swe-agent': own } });
  world.addRepository('acme/site', { collaborators: { ada: 'read', 'swe-agent': 'write' } });
  world.addRepository('acme/safe', { isPrivate: true, collaborators: { 'swe-agent': 'write' } });
  const token = tokens.addClassic('swe-agent');
  const server = githubServer(github.serverUrl, github.apiUrl);
  const identity = {
    token: async () => token,
    login: async () => 'swe-agent',
    mayPush: async () => undefined,
  };
  const warned: string[] = [];
  const directory = new GithubDirectory({
    client: new GithubClient({ server, identity, clock, fetch }),
    logger: { warn: (event) => void warned.push(event) },
  });
  return { github, clock, shop, directory, warned, place: `github:${server.host}/acme/shop/comment/1` };
}

const forbidden = () => new GithubRefusal(403, 'Forbidden');

type Role = 'admin' | 'maintain' | 'write' | 'triage' | 'read';

runContract('GithubDirectory', directoryContract, async () => {
  const { github, directory, place } = await open();
  const at = (rest: string) => place.replace('shop/comment/1', rest);
  return {
    subject: {
      directory,
      people: {
        member: ['github:ada', ADA],
        bot: [
          'github:friend[bot]',
          { ...ADA, name: 'friend[bot]', commitEmail: addressOf('friend[bot]'), isBot: true },
        ],
      } as const,
      places: {
        writable: [place, at('shop/issue/1/labeled/swe/2026-01-01T00:00:00Z')],
        readable: [at('site/issue/1')],
        hidden: [
          at('safe/issue/1'),
          at('unknown/issue/1'),
          'github:github.example/acme/shop/issue/1',
          'slack:T/C/1',
          '',
        ],
      },
      channel: [at('shop'), { name: 'acme/shop', isKnown: true }] as const,
      unknown: { person: 'github:eve', channel: 'github:github.example/acme' },
    },
    close: () => github.close(),
  };
});

describe('what somebody may', () => {
  let github: LoopbackGithub;
  afterEach(() => github.close());

  async function opened(given?: Parameters<typeof open>[0]) {
    const world = await open(given);
    ({ github } = world);
    return world;
  }

  it.each<[Role, Person]>([
    ['admin', ADA],
    ['maintain', ADA],
    ['write', ADA],
    ['triage', { ...ADA, canOnlyRead: true }],
    ['read', { ...ADA, canOnlyRead: true }],
  ])('follows from their role: %s', async (role, person) => {
    const { directory, place } = await opened({ role });
    expect(await directory.person('github:Ada', place)).toEqual(person);
  });

  it('is asked once, and again a minute later', async () => {
    const { clock, directory, shop, place } = await opened();
    await Promise.all([directory.person('github:ada', place), directory.person('github:ADA', place)]);
    expect(github.calls).toHaveLength(2);
    shop.collaborators.delete('ada');
    expect(await directory.person('github:ada', place)).toEqual(ADA);
    await clock.advance(60_000);
    expect(await directory.person('github:ada', place)).toEqual({ ...ADA, canOnlyRead: true });
  });

  it('is to read where that cannot be found out, and is asked again at once', async () => {
    const { directory, warned, place } = await opened();
    github.before = ({ path }) => (path.endsWith('/permission') ? forbidden() : undefined);
    expect(await directory.person('github:ada', place)).toEqual({ ...ADA, canOnlyRead: true });
    expect(warned).toEqual(['permission.unreadable']);
    github.before = () => undefined;
    expect(await directory.person('github:ada', place)).toEqual(ADA);
  });

  it('is asked for later where GitHub does not answer: nobody is turned away for that', async () => {
    const { directory, place } = await opened();
    github.before = ({ path }) => (path.endsWith('/permission') ? secondaryRateLimit(3_600) : undefined);
    await expectFault(directory.person('github:ada', place), 'throttled');
    github.before = () => undefined;
    expect(await directory.person('github:ada', place)).toEqual(ADA);
  });

  it('is to read where the agent itself may not look', async () => {
    const { directory, warned, place } = await opened({ own: 'read' });
    expect(await directory.person('github:ada', place)).toMatchObject({ canOnlyRead: true });
    expect(warned).toEqual(['permission.unreadable']);
  });

  it('does not depend on their name', async () => {
    const { directory, place } = await opened();
    github.before = ({ path }) => (path.startsWith('/users/') ? forbidden() : undefined);
    const person = await directory.person('github:ada', place);
    expect(person).toMatchObject({ name: 'ada', isKnown: false });
    expect(person).not.toHaveProperty('canOnlyRead');
  });
});
