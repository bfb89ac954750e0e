import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, realpathSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { openLoopbackOtlp, readConversation } from '@swe/testing/servers';
import type { LoopbackRequest, LoopbackTurn } from '@swe/testing/servers';
import { z } from 'zod';
import { BROKEN_LIBRARY } from './broken-library';
import { openCloud } from './cloud/cloud';
import type { Cloud, CloudOptions } from './cloud/cloud';
import { bash, call } from './scripted-model';

jest.setTimeout(300_000);

const TASK = 'The fare is wrong. Fix it.\n\nRepository: forge://fares';
const COMMIT = 'Charge four for a kilometre';
const LAST_WORDS = 'The fare is right again.';
const MAX_IDLE_KB = 120 * 1024;

/** What the model answers, by how often it was heard before: it has no memory, as no model has. */
const STEPS: readonly LoopbackTurn[] = [
  { calls: [call('clone_repository', { repository: 'forge://fares' })] },
  { calls: [bash('(cd fares && npm test)')] },
  {
    calls: [
      call('edit_file', { path: 'fares/src/fare.js', edits: [{ oldText: 'km * 3', newText: 'km * 4' }] }),
    ],
  },
  {
    calls: [bash(`(cd fares && npm test && git commit --quiet --all --message="${COMMIT}")`)],
  },
  { calls: [call('open_pull_request', { directory: 'fares', title: 'Charge four', body: 'Tested.' })] },
  { say: LAST_WORDS },
];
/** The step that the model thinks about until something has happened: the fix is made, and not committed. */
const MIDDLE = 3;

/** https://docs.aws.amazon.com/bedrock/latest/userguide/troubleshooting-api-error-codes.html */
const NO_ACCESS: LoopbackTurn = {
  status: 403,
  error: {
    type: 'AccessDeniedException',
    message: "You don't have access to the model with the specified model ID.",
  },
};

let folder: string;
let cloud: Cloud | undefined;
beforeEach(() => {
  folder = realpathSync(mkdtempSync(join(tmpdir(), 'swe-cloud-')));
});
afterEach(async () => {
  await cloud?.close();
  cloud = undefined;
  rmSync(folder, { recursive: true, force: true });
});

async function open(options: Partial<CloudOptions> = {}): Promise<Cloud> {
  const path = [dirname(process.execPath), process.env['PATH'] ?? ''].join(delimiter);
  cloud = await openCloud({ folder, path, model: stepOf, ...options });
  await cloud.forge.createRepository('fares', { files: BROKEN_LIBRARY });
  return cloud;
}

function stepNumber(request: LoopbackRequest): number {
  const parts = readConversation(request);
  return parts.filter(({ kind }, i) => kind === 'call' && parts[i - 1]?.kind !== 'call').length;
}

const stepOf = (request: LoopbackRequest): LoopbackTurn => STEPS[stepNumber(request)] ?? { say: LAST_WORDS };

/** A model that never ends its answer to the middle step when it is asked for the first time, and who waits for that. */
function openHangingModel() {
  const reached = Promise.withResolvers<void>();
  let hangs = true;
  const model = (request: LoopbackRequest): LoopbackTurn => {
    if (!hangs || stepNumber(request) !== MIDDLE) return stepOf(request);
    hangs = false;
    reached.resolve();
    return { say: 'Let me see', ending: 'hang' };
  };
  return { model, reached: reached.promise };
}

const shown = z.object({
  blocks: z.tuple([z.object({ text: z.string() })]).rest(z.unknown()),
  metadata: z.object({ event_payload: z.object({ effect_key: z.string() }) }),
});

/** The bot's posts in the thread: what is read, and what names them. */
function said(of: Cloud): readonly { readonly effectKey: string; readonly body: string }[] {
  return of.said().map((post) => {
    const { blocks, metadata } = shown.parse(post);
    return { effectKey: metadata.event_payload.effect_key, body: blocks[0].text };
  });
}

/** The job is done, once, and everything was told once. */
async function expectDone(of: Cloud, sessionId: string): Promise<void> {
  const messages = await of.outcomes(sessionId);
  expect(messages.map(({ outcome }) => outcome?.kind)).toEqual(messages.map(() => 'answered'));
  const answer = await of.until('the answer', async () =>
    said(of).find(({ body }) => body.includes(LAST_WORDS)),
  );
  expect(answer.body).toBe(`<@U0ADA> ${LAST_WORDS}\n\nPull request: forge://fares/pulls/1`);
  await of.until('the status', async () => said(of).find(({ body }) => body.startsWith('**Done**')));
  const posts = said(of);
  expect(new Set(posts.map(({ effectKey }) => effectKey)).size).toBe(posts.length);
  await of.until('the mark', async () => (of.reactions().join() === 'white_check_mark' ? true : undefined));

  const [pullRequest, ...others] = await pullRequestsOf(of);
  expect(others).toEqual([]);
  const copy = join(folder, 'copy');
  git(folder, 'clone', '--quiet', '--branch', pullRequest?.headBranch ?? '', bareRepository(), copy);
  expect(readFileSync(join(copy, 'src/fare.js'), 'utf8')).toContain('km * 4');
  expect(git(copy, 'log', '--format=%s').split('\n')).toEqual([COMMIT, 'Start']);
}

const bareRepository = (): string => join(folder, 'twin/forge/repositories/fares.git');
const git = (cwd: string, ...args: readonly string[]): string =>
  execFileSync('git', args, { cwd, encoding: 'utf8', stdio: 'pipe' }).trim();

async function pullRequestsOf({ forge }: Cloud): Promise<readonly { readonly headBranch: string }[]> {
  const branches = git(bareRepository(), 'for-each-ref', '--format=%(refname:short)', 'refs/heads/swe');
  const found = branches.split('\n').map((branch) => forge.host.findPullRequest('forge://fares', branch));
  return (await Promise.all(found)).flatMap((each) => each ?? []);
}

describe('the built apps on loopback Slack, DynamoDB, S3, AppSync Events, EC2 and Bedrock', () => {
  it('tell of a mention in one trace, from the ingress to the pull request', async () => {
    const collector = await openLoopbackOtlp();
    try {
      const of = await open({ otlpEndpoint: collector.endpoint });
      const sessionId = await of.say(TASK);
      await expectDone(of, sessionId);
      // The agent tells in batches, the answer's delivery last.
      await of.until('the trace', async () =>
        collector.spans.some(({ name }) => name === 'turn') &&
        collector.spans.some(({ name }) => name === 'post.deliver')
          ? true
          : undefined,
      );
      // Slack tells of a mention twice; the second time is a trace of its own, which says so.
      const spans = collector.spans.filter(({ attributes }) => attributes['swe.message.duplicate'] !== true);
      const byId = new Map(spans.map((span) => [span.spanId, span]));
      const pathOf = ({ name, service, parentSpanId }: (typeof spans)[number]): string => {
        const above = byId.get(parentSpanId ?? '');
        return above === undefined ? `${service}: ${name}` : `${pathOf(above)} > ${service}: ${name}`;
      };
      const paths = spans.map(pathOf);
      const [received] = spans.filter(({ name }) => name === 'message.receive');
      expect(new Set(spans.map(({ traceId }) => traceId))).toEqual(new Set([received?.traceId]));
      const turn = 'ingress: message.receive > agent: turn';
      expect(paths).toEqual(
        expect.arrayContaining([
          'ingress: message.receive > worker-manager: worker.ensure',
          `${turn} > agent: step > agent: chat bedrock/eu.anthropic.claude-sonnet-5-5`,
          `${turn} > agent: step > agent: execute_tool bash`,
          `${turn} > agent: step > agent: execute_tool open_pull_request > agent: effect`,
          `${turn} > agent: post.deliver`,
        ]),
      );
      // Nothing hangs in the air, and nothing of what was said, run or written is told.
      expect(paths.filter((path) => !path.startsWith('ingress: message.receive'))).toEqual([]);
      const told = JSON.stringify(spans);
      for (const words of ['The fare', 'npm test', 'km * 4', COMMIT]) expect(told).not.toContain(words);
    } finally {
      await collector.close();
    }
  });

  it('turn a mention into a pull request, hold little memory while idle, and leave nothing behind', async () => {
    const of = await open();
    const sessionId = await of.say(TASK);
    await expectDone(of, sessionId);
    expect(of.bedrock.requests).toHaveLength(STEPS.length);
    expect(of.ec2.world.instances.map(({ state }) => state)).toEqual(['running']);

    const [pid] = of.instances.pids;
    const resident = Number(/^VmRSS:\s+(\d+) kB$/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1]);
    expect(resident).toBeLessThan(MAX_IDLE_KB);

    await of.say('end');
    await of.until('the end', async () => (of.instances.pids.length === 0 ? true : undefined));
    expect(of.ec2.world.instances.map(({ state }) => state)).toEqual(['terminated']);
    expect(await of.session(sessionId)).toMatchObject({ status: 'ended' });
  });

  it('finish a job on the next machine when the power of one goes', async () => {
    const { model, reached } = openHangingModel();
    const of = await open({ model });
    const sessionId = await of.say(TASK);
    await reached;
    await of.instances.crash();
    await expectDone(of, sessionId);
    expect(await of.session(sessionId)).toMatchObject({ generation: 2 });
  });

  it('finish a job on a new disk when EC2 takes a machine away', async () => {
    const { model, reached } = openHangingModel();
    const of = await open({ model });
    const sessionId = await of.say(TASK);
    await reached;
    await of.instances.interrupt();
    await expectDone(of, sessionId);
    expect(of.ec2.world.instances.map(({ state }) => state)).toEqual(['terminated', 'running']);
    expect(of.instances.log).toContain('spot-notice.received');
  });

  it('tell the person that the model may not be used, and what mends it, and go on once it is mended', async () => {
    let isRefusing = true;
    const of = await open({ model: (request) => (isRefusing ? NO_ACCESS : stepOf(request)) });
    await of.say(TASK);
    const told = await of.until('the reason', async () =>
      said(of).find(({ body }) => body.includes('access')),
    );
    expect(told.body).toContain('request access to the model in the Bedrock console of eu-west-1');
    isRefusing = false;
    await of.say('It is mended. Go on.');
    await of.until('the answer', async () => said(of).find(({ body }) => body.includes(LAST_WORDS)));
  });

  it.each([
    ['a model that is unknown', 'bedrock/no.such-model', 'no.such-model'],
    ['no model', '', 'SWE_MODEL'],
  ])('know why a machine does not come up: %s is set', async (_name, SWE_MODEL, named) => {
    const of = await open({ agentEnv: { SWE_MODEL } });
    const sessionId = await of.say(TASK);
    const { failure, generation } = await of.until('a failed start', async () => {
      const session = await of.session(sessionId);
      return session.generation > 1 || session.failure !== undefined ? session : undefined;
    });
    expect({ failure, generation }).toEqual({
      failure: expect.stringContaining(named),
      generation: 1,
    });
  });
});
