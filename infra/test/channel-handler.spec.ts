import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import vm from 'node:vm';
import { beforeAll, describe, expect, it } from '@jest/globals';
import { propertiesOf, templateOf } from './variants';

const OWN = 'saaaaaaaaaaaaaaaaaaaa';
const OTHER = 'sbbbbbbbbbbbbbbbbbbbb';

interface Context {
  readonly identity?: { readonly userArn: string };
  readonly info: { readonly channel: { readonly path: string; readonly segments: readonly string[] } };
  readonly events?: readonly object[];
}

type Handler = (context: Context) => unknown;

/** What `util.unauthorized()` does: nothing after it is run. */
class Unauthorized extends Error {}

const [namespace] = propertiesOf(templateOf('Core'), 'AWS::AppSync::ChannelNamespace');
const code = String(namespace?.['CodeHandlers']);

let handlers: Readonly<Record<'onPublish' | 'onSubscribe', Handler>>;
beforeAll(async () => {
  const util = {
    unauthorized: () => {
      throw new Unauthorized();
    },
  };
  const context = vm.createContext({});
  const handler = new vm.SourceTextModule(code, { context });
  await handler.link(async (name) => {
    expect(name).toBe('@aws-appsync/utils');
    return new vm.SyntheticModule(
      ['util'],
      function () {
        this.setExport('util', util);
      },
      { context },
    );
  });
  await handler.evaluate();
  handlers = handler.namespace as typeof handlers;
});

const asRole = (role: string, session: string) => `arn:aws:sts::111122223333:assumed-role/${role}/${session}`;
const asSession = (session: string, environment = 'main') =>
  asRole(`swe-${environment}-agent-session`, session);

const contextOf = (userArn: string | undefined, path: string): Context => ({
  ...(userArn !== undefined && { identity: { userArn } }),
  info: { channel: { path, segments: path.split('/').slice(1) } },
  events: [{ id: '1', payload: { sessionId: OWN } }],
});

it('is the file that is tested, and small enough', () => {
  const file = fileURLToPath(new URL('../src/core/channel-handler.mjs', import.meta.url));
  expect(code).toBe(readFileSync(file, 'utf8'));
  // https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/aws-resource-appsync-channelnamespace.html
  expect(code.length).toBeLessThan(32_768);
});

it('is told of daemons by the name of their role', () => {
  const names = ['main', 'chosen'].flatMap((variant) =>
    propertiesOf(templateOf('Agent', variant as 'main'), 'AWS::IAM::Role').map(({ RoleName }) =>
      String(RoleName),
    ),
  );
  expect(names.filter((name) => name.endsWith('-agent-session')).toSorted()).toEqual([
    'swe-canary-agent-session',
    'swe-main-agent-session',
  ]);
});

describe.each(['onPublish', 'onSubscribe'] as const)('%s', (name) => {
  it.each([
    [asSession(OWN), `/sessions/${OWN}`],
    [asSession(OWN, 'a-b'), `/sessions/${OWN}`],
    [asRole('swe-main-ingress', 'swe-main-ingress'), `/sessions/${OWN}`],
    [asRole('swe-main-worker-manager', 'swe-main-worker-manager'), `/sessions/${OTHER}`],
  ])('lets %s at %s', (userArn, path) => {
    const context = contextOf(userArn, path);
    expect(handlers[name](context)).toBe(name === 'onPublish' ? context.events : undefined);
  });

  it.each([
    [asSession(OWN), `/sessions/${OTHER}`],
    [asSession(OWN), '/sessions/*'],
    [asSession(OWN), '/sessions'],
    [asSession(OWN), `/sessions/${OWN}/*`],
    [asSession(OWN), `/sessions/${OWN}/x`],
    [asSession(OWN), `/sessions/${OWN.slice(0, -1)}`],
    ['arn:aws:iam::111122223333:user/ada', `/sessions/${OWN}`],
    ['arn:aws:iam::111122223333:root', `/sessions/${OWN}`],
    ['', `/sessions/${OWN}`],
    [undefined, `/sessions/${OWN}`],
  ])('refuses %s at %s', (userArn, path) => {
    expect(() => handlers[name](contextOf(userArn, path))).toThrow(Unauthorized);
  });
});

it('uses nothing that the language does not have there', () => {
  const statements = code.replace(/\/\*[^]*?\*\/|\/\/.*$/gm, '').replace(/'[^'\n]*'/g, "''");
  expect(statements).not.toMatch(
    /\b(try|catch|finally|throw|while|continue|new|class|async|await|in)\b|\+\+|--/,
  );
  expect(statements).not.toMatch(/\bfor\s*\([^)]*;/);
  // Regular expressions are strings there, for `util.matches`.
  expect(statements).not.toMatch(/[(=,:]\s*\/[^/]/);
});
