import { afterEach, expect, it } from '@jest/globals';
import type { Reaction } from '@swe/domain';
import { chatContract, expectFault, runContract } from '@swe/testing/contracts';
import { ManualClock } from '@swe/testing/memory';
import { openLoopbackGithub } from '@swe/testing/servers';
import type { GithubComment, GithubIssue, LoopbackGithub } from '@swe/testing/servers';
import { GithubClient } from '../github-client';
import { githubServer } from '../github-server';
import { GithubChat } from './github-chat';

const REACTIONS: Readonly<Record<string, Reaction>> = {
  eyes: 'seen',
  rocket: 'working',
  confused: 'waiting',
  hooray: 'done',
  '-1': 'failed',
};

const opened: LoopbackGithub[] = [];
afterEach(async () => {
  for (const github of opened.splice(0)) {
    const { unknown } = github;
    await github.close();
    expect(unknown).toEqual([]);
  }
});

/** GitHub with two issues of Ada's in `acme/shop`, and the files that she has sent. */
async function open() {
  const clock = new ManualClock();
  const github = await openLoopbackGithub({ clock });
  opened.push(github);
  const { world, tokens, activity } = github;
  world.addUser('acme', 'Organization');
  for (const login of ['ada', 'swe-agent']) world.addUser(login);
  const shop = world.addRepository('acme/shop', { collaborators: { ada: 'write', 'swe-agent': 'write' } });
  const issues = ['One', 'Two'].map((title): GithubIssue => activity.issues.create(shop, 'ada', { title }));
  const server = githubServer(github.serverUrl, github.apiUrl);
  const token = tokens.addClassic('swe-agent');
  const identity = {
    token: async () => token,
    login: async () => 'swe-agent',
    mayPush: async () => undefined,
  };
  const sent = new Map<string, () => Response>();
  const seen: { readonly url: string; readonly authorization: string | null }[] = [];
  const fetchFile: typeof fetch = async (input, init) => {
    const url = String(input);
    seen.push({ url, authorization: new Headers(init?.headers).get('authorization') });
    return sent.get(url)?.() ?? new Response(null, { status: 404 });
  };
  const client = new GithubClient({ server, identity, clock, fetch });
  const workspace = `github:${server.host}/acme/shop`;
  return {
    github,
    shop,
    issues,
    server,
    workspace,
    token,
    sent,
    seen,
    chat: new GithubChat({ client, fetch: fetchFile }),
    place: (n: number) => `${workspace}/${issues[n]?.number}`,
  };
}

const refOf = (url: string): string => `github:${url}`;

const wordsOf = ({ body }: GithubComment): string => body.replace(/\n\n<!-- .* -->$/, '');

runContract(
  'GithubChat',
  chatContract,
  async () => {
    const { github, shop, issues, server, workspace, sent, chat, place } = await open();
    const [issue] = issues;
    if (issue === undefined) throw new Error('two were opened');
    const said = github.activity.issues.comment(shop, issue, 'ada', 'And this.');
    const messages = [`${workspace}/issue/${issue.number}`, `${workspace}/comment/${said.id}`] as const;
    return {
      subject: {
        chat,
        elsewhere: chat,
        destinations: [place(0), place(1)] as const,
        seen: async (destination) =>
          issues
            .filter(({ number }) => destination === `${workspace}/${number}`)
            .flatMap(({ comments }) => comments)
            .filter(({ user }) => user === 'swe-agent')
            .map(wordsOf),
        files: async () => [],
        person: 'github:ada',
        messages,
        goneMessage: `${workspace}/comment/1`,
        reactions: async (messageKey) =>
          (messageKey === messages[0] ? issue : said).reactions
            .filter(({ user }) => user === 'swe-agent')
            .flatMap(({ content }) => REACTIONS[content] ?? []),
        send: async (bytes) => {
          const url = `${server.webUrl}/user-attachments/assets/${sent.size}`;
          sent.set(url, () => new Response(Buffer.from(bytes)));
          return refOf(url);
        },
        goneFile: refOf(`${server.webUrl}/user-attachments/assets/gone`),
      },
    };
  },
  {
    '`attach` posts a file byte for byte with its words, and `find` finds it too':
      'GitHub has no API for files: a text is shown folded up',
  },
);

it('a file is shown folded up, and found', async () => {
  const { issues, chat, place } = await open();
  const file = { name: 'log.txt', bytes: Buffer.from('line 1\n') };
  const id = await chat.attach(place(0), file, { body: 'The log:' }, 'key');
  expect(issues[0]?.comments.map(wordsOf)).toEqual([
    'The log:\n\n<details><summary>log.txt</summary>\n\n```text\nline 1\n```\n\n</details>',
  ]);
  expect(await chat.find(place(0), 'key')).toBe(id);
});

it('what one person alone is to see is not posted', async () => {
  const { issues, chat, place } = await open();
  const id = await chat.post(place(0), { body: 'You may not.', onlyFor: 'github:ada' }, 'key');
  expect(issues[0]?.comments).toEqual([]);
  await expectFault(chat.edit(place(0), id, { body: 'You may.' }), 'missing');
});

it("people's reactions stay", async () => {
  const { github, issues, chat, place, workspace } = await open();
  const [issue] = issues;
  if (issue === undefined) throw new Error('two were opened');
  github.activity.issues.react(issue, 'ada', 'rocket');
  await chat.react(place(0), `${workspace}/issue/1`, 'seen');
  await chat.react(place(0), `${workspace}/issue/1/assigned/1`, 'done');
  expect(issue.reactions.map(({ user, content }) => `${user} ${content}`)).toEqual([
    'ada rocket',
    'swe-agent hooray',
  ]);
});

it.each([
  ['another server', 'github:gitlab.example/acme/shop/1'],
  ['another chat', 'slack:T/C/1.2'],
  ['a repository', 'github:github.com/acme/shop'],
])('%s is no place', async (_name, destination) => {
  const { chat } = await open();
  await expectFault(chat.post(destination, { body: 'Hello.' }, 'key'), 'invalid');
});

it('the token opens files of the server, and goes nowhere else', async () => {
  const { sent, seen, token, server, chat } = await open();
  const own = `${server.webUrl}/acme/shop/assets/1/2`;
  const signed = 'https://private-user-images.githubusercontent.com/1?jwt=signed';
  sent.set(own, () => new Response(null, { status: 302, headers: { location: signed } }));
  sent.set(signed, () => new Response('bytes'));
  expect(Buffer.from(await chat.fetch(refOf(own))).toString()).toBe('bytes');
  expect(seen).toEqual([
    { url: own, authorization: `Bearer ${token}` },
    { url: signed, authorization: null },
  ]);
});

it.each([
  ['somewhere else', 'https://evil.example/user-attachments/assets/1', 'denied'],
  ['a page', 'SERVER/acme/shop/settings', 'denied'],
  ['no address', 'nothing', 'missing'],
  ['a page of another name', 'SERVER/user-attachments/assets/../../settings', 'denied'],
] as const)('a file on %s is not fetched', async (_name, url, kind) => {
  const { seen, server, chat } = await open();
  await expectFault(chat.fetch(refOf(url.replace('SERVER', server.webUrl))), kind);
  expect(seen).toEqual([]);
});
