import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { agentEvent } from '@swe/domain';
import {
  brokenPairs,
  openLoopbackAnthropic,
  openLoopbackBedrock,
  openLoopbackOpenAi,
  readConversation,
} from '@swe/testing/servers';
import type { LoopbackServer } from '@swe/testing/servers';
import { z } from 'zod';
import { FARES, FLOOD_BYTES, longJob, TABLE_ROWS, WORDS_MEANWHILE } from './long-job';
import type { LongJobLog } from './long-job';
import { played } from './scripted-model';
import { canMakeTerminals, openMachine } from './swe';
import type { Ended, Machine, RunningInTerminal } from './swe';

const VENDORS = [
  {
    vendor: 'an OpenAI-compatible server',
    model: 'openai-compatible/any',
    open: openLoopbackOpenAi,
    environment: (url: string, catalog: string) => ({ SWE_MODEL_BASE_URL: url, SWE_MODEL_CATALOG: catalog }),
  },
  {
    vendor: 'Anthropic',
    model: 'anthropic/claude-sonnet-5-5',
    open: openLoopbackAnthropic,
    environment: (url: string) => ({ ANTHROPIC_BASE_URL: url, ANTHROPIC_API_KEY: 'sk-ant-loopback' }),
  },
  {
    vendor: 'Bedrock',
    model: 'bedrock/anthropic.claude-sonnet-5-5',
    open: openLoopbackBedrock,
    environment: (url: string) => ({
      AWS_REGION: 'us-west-2',
      AWS_ENDPOINT_URL_BEDROCK_RUNTIME: url,
      AWS_ACCESS_KEY_ID: 'AKIDEXAMPLE',
      AWS_SECRET_ACCESS_KEY: 'loopback',
    }),
  },
];
/** What nobody else can know of a model of one's own: that it sees pictures. */
const CATALOG = [
  {
    id: 'openai-compatible/any',
    contextTokens: 200_000,
    maxOutputTokens: 32_000,
    prices: { input: 0, output: 0, cacheRead: 0, cacheWrite: 0 },
    seesImages: true,
    source: 'this test',
    checkedOn: '2026-11-22',
  },
];
const runFinished = z.object({
  type: z.literal('run.finished'),
  sessionId: z.string(),
  exitCode: z.literal(0),
  pullRequests: z.array(z.object({ cloneUrl: z.string(), headBranch: z.string() })).length(1),
});

const withTerminals = canMakeTerminals ? describe : describe.skip;

withTerminals('a long job (skipped without util-linux’s script: nobody could type)', () => {
  let machine: Machine;
  let server: LoopbackServer | undefined;
  beforeEach(() => {
    machine = openMachine();
  });
  afterEach(async () => {
    machine.close();
    await server?.close();
  });

  it.each(VENDORS)('with $vendor ends in a pull request whose tests pass', async (given) => {
    const { model, open, environment } = given;
    const log: LongJobLog = {};
    const terminal: { run?: RunningInTerminal } = {};
    server = await open(played(longJob(log, (line) => terminal.run?.type(line))));
    const root = machine.makeRepository('fares', FARES);
    const args = ['run', '--repo', root, '--task', 'The fare is wrong. Fix it.', '--json', '--model', model];
    const catalog = join(machine.folder, 'models.json');
    writeFileSync(catalog, JSON.stringify(CATALOG));
    terminal.run = machine.startInTerminal(args, environment(server.url, catalog));

    const ended = await terminal.run.ended;
    expect(ended.stdout.slice(-2_000)).toContain('"exitCode":0');
    expect(ended).toMatchObject({ exitCode: 0, stderr: '' });
    const { events, sessionId, cloneUrl, headBranch } = readRun(ended);

    expect(log.reads).toEqual([
      expect.stringContaining('README.md'),
      expect.stringContaining('km * 3 + 2'),
      expect.stringContaining('node:test'),
      expect.stringContaining('fare.js:1:'),
    ]);
    expect(log.firstTest).toContain('exit code 1');

    expect(log.flood?.length).toBeLessThan(20_000);
    expect(Number(/of (\d+) bytes left out/.exec(log.flood ?? '')?.[1])).toBeGreaterThanOrEqual(FLOOD_BYTES);
    expect(log.spooled).toMatch(/^400000\t.* number 400000\n400001\t.* number 400001\n\[more lines/);

    expect(log.hanging?.result).toContain('timed out and was ended with everything it had started');
    expect(log.hanging?.alive).toEqual([]);

    expect(log.started).toMatch(/port \d+/);
    expect(log.fetched).toContain('the fare is 17');
    expect(log.askedFor).toMatch(/^asked for \/fare\n/);
    expect(log.heard).toMatch(/^heard reload\n/);
    expect(log.killed).toEqual({ result: 'p1 is ended.', alive: false });
    expect(log.running).not.toContain('running in the background');

    expect(log.malformed).toContain(
      'the input was not JSON. It began: {"path": "fares/README.md", "startLine"',
    );
    const picture = log.afterImage?.filter(({ kind }) => kind === 'image');
    expect(picture).toEqual([
      { kind: 'image', mediaType: 'image/png', data: expect.stringMatching(/.{60}/) },
    ]);
    expect(log.meanwhile).toContainEqual({ kind: 'words', role: 'user', text: WORDS_MEANWHILE });

    const delays = events.flatMap((event) => (event.type === 'step.delayed' ? [event] : []));
    expect(delays).toHaveLength(2);
    expect(delays[0]).toMatchObject({ reason: expect.stringContaining('too many requests at once') });
    expect(delays[0]?.afterMs).toBeGreaterThanOrEqual(1000);
    expect(log.halves).toContain('exit code 2');
    expect(JSON.stringify(server.requests.map(({ body }) => body))).not.toMatch(
      /too many requests|never was|I write two notes/,
    );
    expect(repeatedBodies(server)).toBe(2);

    for (const request of server.requests) expect(brokenPairs(readConversation(request))).toEqual([]);

    const shown = await machine.swe(['show', sessionId]);
    expect(Number(/steps +(\d+)/.exec(shown.stdout)?.[1])).toBeGreaterThanOrEqual(40);
    expect(shown.stdout).toContain(WORDS_MEANWHILE);
    expect(shown.stdout).toContain('The fare is right again.');

    expect(log.lastTest).toContain('exit code 0');
    machine.git(machine.folder, 'clone', '--quiet', '--branch', headBranch, cloneUrl, 'fresh');
    expect(machine.runProgram('fresh', 'npm', 'test')).toBe(0);
    machine.git(machine.folder, 'clone', '--quiet', '--branch', 'main', cloneUrl, 'base');
    expect(machine.runProgram('base', 'npm', 'test')).toBe(1);
    const readme = machine.git(machine.folder, '-C', 'fresh', 'show', 'HEAD:README.md');
    expect(readme).toContain(
      `| ${TABLE_ROWS} | ${TABLE_ROWS * 4 + 2} |\n\nEnd of the table.\n\nThanks to Ada.`,
    );
  });
});

function readRun({ stdout }: Ended) {
  const lines = stdout.trimEnd().split('\n');
  const { sessionId, pullRequests } = runFinished.parse(JSON.parse(lines.pop() ?? ''));
  const [{ cloneUrl, headBranch } = { cloneUrl: '', headBranch: '' }] = pullRequests;
  const events = lines.map((line) => agentEvent.parse(JSON.parse(line)));
  return { events, sessionId, cloneUrl, headBranch };
}

/** How often a request was made again as it had been: what a failed call leaves behind is nothing. */
function repeatedBodies({ requests }: LoopbackServer): number {
  const bodies = requests.map(({ body }) => JSON.stringify(body));
  return bodies.filter((body, i) => body === bodies[i - 1]).length;
}
