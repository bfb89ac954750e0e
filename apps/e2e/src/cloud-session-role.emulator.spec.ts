import { mkdtempSync, realpathSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, dirname, join } from 'node:path';
import { afterEach, beforeEach, expect, it } from '@jest/globals';
import { openCloud } from './cloud/cloud';
import type { Cloud } from './cloud/cloud';
import { clone, commit, firstPullRequest, fixFare, openGithub, openPullRequest } from './cloud/github';
import type { GithubOfCloud } from './cloud/github';
import { maySession, openSessionGuard, readSessionPolicy } from './cloud/session-guard';
import type { SessionGuard } from './cloud/session-guard';
import { bash, played } from './scripted-model';

const OTHER = 'sbbbbbbbbbbbbbbbbbbbb';

let folder: string;
let github: GithubOfCloud;
let guard: SessionGuard | undefined;
let cloud: Cloud | undefined;
beforeEach(async () => {
  folder = realpathSync(mkdtempSync(join(tmpdir(), 'swe-cloud-')));
  github = await openGithub();
});
afterEach(async () => {
  await cloud?.close();
  await guard?.close();
  [cloud, guard] = [undefined, undefined];
  await github.server.close();
  rmSync(folder, { recursive: true, force: true });
});

it('a daemon needs no more than what the role of its session allows, and uses it for nothing else', async () => {
  const policy = readSessionPolicy();
  const { server, library } = github;
  const path = [dirname(process.execPath), process.env['PATH'] ?? ''].join(delimiter);
  const model = played(async function* () {
    yield { calls: [clone(`${server.serverUrl}/acme/fares`)] };
    yield { calls: [fixFare()] };
    yield { calls: [commit('Charge four for a kilometre')] };
    // Too long for an item of the table.
    yield { calls: [bash('head -c 200000 /dev/urandom | base64')] };
    yield { calls: [openPullRequest()] };
    yield { say: 'The fare is right.' };
    yield { calls: [bash('cat fares/src/fare.js')] };
    yield { say: 'It still is.' };
  });
  const of = await openCloud({
    folder,
    path,
    model,
    github,
    agentEnv: async (stores) => (guard = await openSessionGuard(policy, stores)).env,
  });
  cloud = of;
  const sessionId = await of.say(`Please fix ${server.serverUrl}/acme/fares`);
  await of.until('the answer', async () => of.said().find(({ text }) => text.includes('The fare is right.')));
  await firstPullRequest(of, library);
  // Another machine takes the role, the lease, and the work from the checkpoint.
  await of.instances.interrupt();
  await of.say('Is it still?');
  await of.until('the next answer', async () => of.said().find(({ text }) => text.includes('It still is.')));

  const { requests, refused, taken } = guard!;
  expect(refused).toEqual([]);
  expect(new Set(requests.map(({ session }) => session))).toEqual(new Set([sessionId]));
  // The daemon's boot and its service are one process.
  expect(taken).toBe(2);
  // Of another session it is all refused, but for what sessions share.
  const shared = requests.filter(({ permission }) => maySession(policy, OTHER, permission));
  const partitions = new Set(
    shared.flatMap(({ permission }) => permission.context['dynamodb:LeadingKeys'] ?? permission.resource),
  );
  const kinds = [...partitions].map((name) => /^(alias\/github:|\w+\/)/.exec(name)?.[0]);
  expect(new Set(kinds)).toEqual(new Set(['alias/github:', 'ledger/']));
  expect(shared.length).toBeLessThan(requests.length);
});
