import { execFile } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { sessionPage } from '@swe/domain/api';
import { openApiTwin } from './api-twin';
import type { ApiTwin } from './api-twin';

const ROOT = fileURLToPath(new URL('../../..', import.meta.url));
const ACTION = readFileSync(join(ROOT, 'action.yml'), 'utf8');

let twin: ApiTwin;
let token: string;
let runs = 0;
beforeAll(async () => {
  twin = await openApiTwin();
  token = await twin.makeKey('run');
});
afterAll(() => twin.close());

interface Ran {
  readonly exitCode: number;
  readonly log: string;
  readonly outputs: Readonly<Record<string, string>>;
  readonly summary: string;
}

/** What a runner does with `action.yml`: its step's command, with the environment that it makes of the inputs. */
async function runAction(
  inputs: Readonly<Record<string, string>>,
  environment: Readonly<Record<string, string>> = {},
): Promise<Ran> {
  const mapped = [...ACTION.matchAll(/^ +(SWE_\w+): \$\{\{ inputs\.([\w-]+) \}\}$/gm)];
  const given: Readonly<Record<string, string>> = { 'api-url': twin.url, 'api-key': token, ...inputs };
  const [, command = ''] = /^ +run: (.+)$/m.exec(ACTION) ?? [];
  runs += 1;
  const [output, summary] = ['output', 'summary'].map((name) => join(twin.machine.folder, `${name}-${runs}`));
  for (const file of [output, summary]) writeFileSync(file ?? '', '');
  const env = {
    PATH: `${join(ROOT, 'node_modules/.bin')}:${process.env['PATH']}`,
    GITHUB_ACTION_PATH: ROOT,
    GITHUB_OUTPUT: output,
    GITHUB_STEP_SUMMARY: summary,
    GITHUB_RUN_ID: '1',
    GITHUB_RUN_ATTEMPT: String(runs),
    ...Object.fromEntries(mapped.map(([, name = '', input = '']) => [name, given[input] ?? ''])),
    ...environment,
  };
  const { exitCode, log } = await new Promise<Pick<Ran, 'exitCode' | 'log'>>((resolve) => {
    const child = execFile(
      'bash',
      ['-c', command],
      { cwd: twin.machine.folder, env },
      (_error, stdout, stderr) => resolve({ exitCode: child.exitCode ?? -1, log: stdout + stderr }),
    );
  });
  const written = readFileSync(output ?? '', 'utf8').matchAll(/^([\w-]+)<<(\S+)\n([\s\S]*?)\n\2$/gm);
  return {
    exitCode,
    log,
    outputs: Object.fromEntries(Array.from(written, ([, name, , value]) => [name, value])),
    summary: readFileSync(summary ?? '', 'utf8'),
  };
}

const eventFile = (event: object): Readonly<Record<string, string>> => {
  const path = join(twin.machine.folder, `event-${runs}.json`);
  writeFileSync(path, JSON.stringify(event));
  return { GITHUB_EVENT_PATH: path };
};

const sessions = async () =>
  sessionPage.parse(await (await twin.call(token, '/sessions?limit=100')).json()).items;

describe('the GitHub Action', () => {
  it('hands over a task, shows what is done, and ends with its pull request', async () => {
    const ran = await runAction({ task: 'A fare is wrong. Fix it.', repository: 'forge://fares' });
    expect(ran).toMatchObject({
      exitCode: 0,
      outputs: {
        'session-id': expect.stringMatching(/^s[a-z2-7]{20}$/),
        'pull-request-url': 'forge://fares/pulls/1',
        outcome: 'answered',
      },
    });
    const lines = ran.log.split('\n');
    expect(lines[0]).toBe(`::add-mask::${token}`);
    expect(lines[1]).toMatch(/^::stop-commands::/);
    expect(ran.log.slice(lines[0]?.length)).not.toContain(token);
    expect(ran.log).toMatch(/^\$ .*test/m);
    expect(ran.summary).toContain('forge://fares/pulls/1');
  });

  it('takes the comment and the issue that the workflow was started by, once for an attempt', async () => {
    const issue = { html_url: 'https://github.com/acme/shop/issues/3' };
    const event = eventFile({ issue, comment: { body: 'Please fix this.\n::warning::not mine' } });
    const github = { ...event, GITHUB_REPOSITORY: 'acme/shop', GITHUB_SERVER_URL: 'https://github.com' };
    const attempt = { ...github, GITHUB_RUN_ID: '2', GITHUB_RUN_ATTEMPT: '1' };
    const [first, again] = await Promise.all([1, 2].map(() => runAction({ wait: 'false' }, attempt)));
    const rerun = await runAction({ wait: 'false' }, { ...attempt, GITHUB_RUN_ATTEMPT: '2' });
    const ids = [first, again, rerun].map((ran) => ran?.outputs['session-id']);
    expect(ids).toEqual([ids[0], ids[0], expect.stringMatching(/^s/)]);
    expect(ids[2]).not.toBe(ids[0]);
    const { items } = (await (await twin.call(token, `/sessions/${ids[0]}/messages`)).json()) as {
      items: { text: string }[];
    };
    expect(items[0]?.text).toBe(
      'Please fix this.\n::warning::not mine\n\nSolve this issue: https://github.com/acme/shop/issues/3\n\nRepository: https://github.com/acme/shop',
    );
  });

  it('fails where the session does, and lets nothing that others wrote command the workflow', async () => {
    // The rehearsal finds nothing to fix without a repository.
    const ran = await runAction({ task: '::set-output name=outcome::answered' });
    expect(ran.exitCode).toBe(1);
    expect(ran.outputs['outcome']).toBe('failed');
    const [, silence] = /^::stop-commands::(\S+)$/m.exec(ran.log) ?? [];
    const [quoted, own] = ran.log.split(`::${silence}::\n`);
    expect(quoted).not.toContain('::error::');
    expect(own).toMatch(/^::error::The session's task was failed/);
  });

  it.each<[string, Readonly<Record<string, string>>, RegExp]>([
    [
      'another key',
      { 'api-key': `swe_k${'0'.repeat(16)}_${'0'.repeat(64)}`, task: 'Go.' },
      /401 Unauthorized/,
    ],
    ['what the API does not take', { task: 'Go.', model: 'nobody/knows' }, /422 .*#\/model: /],
    ['no task', {}, /Nothing says what to do/],
    [
      'an address that does not hide the key',
      { 'api-url': 'http://example.com/api/v1' },
      /must begin with https/,
    ],
    ['no budget', { task: 'Go.', 'budget-usd': 'ten' }, /budget-usd must be a number/],
  ])('fails with the reason, and begins nothing, with %s', async (_name, inputs, reason) => {
    const before = await sessions();
    const { exitCode, log, outputs } = await runAction(inputs);
    expect({ exitCode, outputs }).toEqual({ exitCode: 1, outputs: {} });
    expect(log).toMatch(/^::error::/m);
    expect(log).toMatch(reason);
    expect(await sessions()).toHaveLength(before.length);
  });

  it('waits for however many minutes', async () => {
    const { exitCode, outputs } = await runAction({ task: 'Go.', wait: 'false', 'timeout-minutes': '40000' });
    expect([exitCode, outputs]).toEqual([0, { 'session-id': expect.stringMatching(/^s/) }]);
  });

  it('fails when its time is over, and says that the session goes on', async () => {
    const lost = { task: 'Go.', 'timeout-minutes': '0.02' };
    const { exitCode, log, outputs } = await runAction({ ...lost, 'api-url': 'http://127.0.0.1:9/api/v1' });
    expect([exitCode, outputs]).toEqual([1, { outcome: 'timed-out' }]);
    expect(log).toContain('The API does not answer (');
    expect(log).toContain('No session has begun');
  });
});
