import { z } from 'zod';
import { isFault } from '@swe/domain';
import type { Check, CheckLogs, Clock, RepoHost } from '@swe/domain';
import { fenced } from '../agent/fence';
import { onOneLine } from '../agent/on-one-line';
import { defineTool, said } from '../agent/tool';
import type { Tool } from '../agent/tool';
import { checksVerdict, isBad, waitsOn } from './checks-policy';
import { failingPart } from './failing-part';
import { pullRequestOf } from './session-pull-request';

const POLL_MS = 15_000;
const DEFAULT_MINUTES = 5;
const MAX_MINUTES = 5;
const MAX_LOGS = 3;
const LOG_BYTES = 256 * 1024;
const SHOWN_CHARACTERS = 6_000;

export interface WaitOptions {
  readonly repoHost: Pick<RepoHost, 'pullRequest' | 'checks'>;
  readonly checkLogs: CheckLogs;
  readonly clock: Pick<Clock, 'sleep' | 'monotonicMs'>;
}

/**
 * Waits for the checks of a pull request's head, whoever runs them, until one fails or all are through, five minutes
 * at most. Gives each check, and of those that failed the part of the log that says why.
 */
export function waitForChecks({ repoHost, checkLogs, clock }: WaitOptions): Tool {
  return defineTool({
    name: 'wait_for_checks',
    description:
      "Wait for the checks (CI) of a pull request's head, until one fails or all are through. Gives their states and why they failed. Without a URL: of the one you opened last. Checks that take longer: call it again.",
    access: 'reads',
    input: z.object({
      pullRequest: z.string().optional().describe('URL of the pull request.'),
      minutes: z
        .number()
        .min(0)
        .max(MAX_MINUTES)
        .optional()
        .describe(`How long at most. Default ${DEFAULT_MINUTES}.`),
    }),
    async run({ pullRequest: url, minutes = DEFAULT_MINUTES }, { session, signal }) {
      const { repository, number } = pullRequestOf(session, url);
      const startedMs = clock.monotonicMs();
      for (;;) {
        const { headSha } = await repoHost.pullRequest(repository, number);
        const checks = await repoHost.checks(repository, headSha);
        const waitedMs = clock.monotonicMs() - startedMs;
        const leftMs = minutes * 60_000 - waitedMs;
        if (signal.aborted || leftMs <= 0 || !waitsOn(checks, waitedMs)) {
          const lines = [headline(checks, headSha, number), ...checks.map(checkLine)];
          const failed = checks.filter(isBad);
          const logs = await Promise.all(failed.slice(0, MAX_LOGS).map((check) => logOf(repository, check)));
          return said([...lines, ...logs].join('\n'));
        }
        await clock.sleep(Math.min(POLL_MS, leftMs), signal);
      }
    },
  });

  async function logOf(repository: string, { name, logRef, summary }: Check): Promise<string> {
    const head = `Why ${onOneLine(name)} failed:`;
    try {
      const log = logRef === undefined ? summary : await checkLogs.log(repository, logRef, LOG_BYTES);
      return `${head}\n${fenced('log', {}, failingPart(log, SHOWN_CHARACTERS))}`;
    } catch (error) {
      if (!isFault(error)) throw error;
      return `${head} its log could not be read (${error.message}). ${summary}`;
    }
  }
}

function headline(checks: readonly Check[], headSha: string, number: number): string {
  const of = `of ${headSha.slice(0, 10)}, the head of pull request ${number}`;
  switch (checksVerdict(checks)) {
    case 'none':
      return `There are no checks ${of}. Nothing there says that it works.`;
    case 'pending':
      return `The checks ${of} are not all through yet.`;
    case 'passed':
      return `All checks ${of} passed.`;
    case 'failed':
      return `Checks ${of} failed.`;
  }
}

function checkLine({ name, state, summary }: Check): string {
  const words = onOneLine(summary.split('\n', 1)[0] ?? '');
  return `- ${onOneLine(name)}: ${state}${words === '' ? '' : ` (${words})`}`;
}
