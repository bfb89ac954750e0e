import { z } from 'zod';
import { HARNESS_NOTE, isFault, text } from '@swe/domain';
import type { Check, CheckAnnotation, CheckLogs, Clock, Fault, PullRequestRef, RepoHost } from '@swe/domain';
import type { DemandRight } from '../agent/demand-right';
import { fenced } from '../agent/fence';
import { onOneLine } from '../agent/on-one-line';
import { defineTool, failed, said } from '../agent/tool';
import type { LongWait, Tool, ToolContext, ToolOutput } from '../agent/tool';
import { checksVerdict, isBad, waitsOn } from './checks-policy';
import { failingPart } from './failing-part';
import { pullRequestOf } from './session-pull-request';
import { nextOfWait } from './wait-policy';

const POLL_MS = 15_000;
const DEFAULT_MINUTES = 60;
const MAX_MINUTES = 24 * 60;
const MAX_LOGS = 3;
const LOG_BYTES = 256 * 1024;
const SHOWN_CHARACTERS = 6_000;
const MAX_ANNOTATIONS = 500;
const SHOWN_ANNOTATIONS = 50;

export interface WaitOptions {
  readonly repoHost: Pick<RepoHost, 'pullRequest' | 'checks'>;
  readonly checkLogs: CheckLogs;
  readonly demandRight: DemandRight;
  readonly clock: Pick<Clock, 'sleep' | 'nowMs'>;
}

/** A pull request's head, and what was known of it. */
interface Seen {
  readonly repository: string;
  readonly number: number;
  readonly headSha: string;
  readonly checks: readonly Check[];
}

type Input = z.infer<typeof INPUT>;

const INPUT = z.object({
  pullRequest: z.string().optional().describe('URL of the pull request.'),
  minutes: z
    .number()
    .min(0)
    .max(MAX_MINUTES)
    .optional()
    .describe(`How long at most. Default ${DEFAULT_MINUTES}.`),
});

const WORDS_CAME = `${HARNESS_NOTE} The wait ended before the checks did: somebody wrote to you.`;
const SLEPT = `${HARNESS_NOTE} The machine slept or was replaced while this waited: processes that ran have ended.`;

/**
 * Waits for the checks of a pull request's head, whoever runs them, until one fails or all are through, somebody writes,
 * or the time that the model chose is over. What takes long lets the machine sleep. Gives each check, and of those that
 * failed the part of the log that says why, and what they say of lines.
 */
export function waitForChecks({ repoHost, checkLogs, demandRight, clock }: WaitOptions): Tool {
  return defineTool({
    name: 'wait_for_checks',
    description:
      "Wait for the checks (CI) of a pull request's head, until one fails or all are through. Gives their states and why they failed. Without a URL: of the one you opened last. After a few minutes the machine sleeps meanwhile, which ends background processes; a message ends the wait.",
    access: 'reads',
    input: INPUT,
    run: (input, context) => wait(input, context),
    async resume(input, context) {
      const output = await wait(input, context);
      return { ...output, content: [text(SLEPT), ...output.content] };
    },
  });

  async function wait(
    { pullRequest: url, minutes = DEFAULT_MINUTES }: Input,
    { session, people, signal, wordsArrive, startedAtMs }: ToolContext,
  ): Promise<ToolOutput> {
    const ref = pullRequestOf(session, url);
    await demandRight('read', ref.repository, people);
    const untilMs = startedAtMs + minutes * 60_000;
    for (;;) {
      const seen = await look(ref);
      const nowMs = clock.nowMs();
      if (!isFault(seen) && !waitsOn(seen.checks, nowMs - startedAtMs)) return report(seen);
      const next = nextOfWait({ startedAtMs, untilMs }, POLL_MS, nowMs);
      if (next.do === 'hold') await clock.sleep(next.forMs, AbortSignal.any([signal, wordsArrive]));
      if (wordsArrive.aborted) return report(seen, WORDS_CAME);
      if (signal.aborted) return report(seen);
      if (next.do === 'end') return report(seen, `${HARNESS_NOTE} I waited for ${minutes} min.`);
      if (next.do === 'sleep') return { ...(await report(seen)), wait: sleepOf(seen, untilMs, next.untilMs) };
    }
  }

  /** A host that cannot be asked for a moment ends no wait. */
  async function look({ repository, number }: PullRequestRef): Promise<Seen | Fault> {
    try {
      const { headSha } = await repoHost.pullRequest(repository, number);
      return { repository, number, headSha, checks: await repoHost.checks(repository, headSha) };
    } catch (error) {
      if (isFault(error, 'transient', 'throttled')) return error;
      throw error;
    }
  }

  async function report(seen: Seen | Fault, note?: string): Promise<ToolOutput> {
    if (isFault(seen))
      return failed(`${note ?? ''} The checks could not be read: ${seen.message}`.trimStart());
    const { repository, checks, headSha, number } = seen;
    const lines = [headline(checks, headSha, number), ...checks.map(checkLine)];
    const bad = checks.filter(isBad);
    const reasons = await Promise.all(
      bad.slice(0, MAX_LOGS).map(async (check) => {
        return [await logOf(repository, check), ...(await annotationsOf(repository, check))];
      }),
    );
    return said([...(note === undefined ? [] : [note]), ...lines, ...reasons.flat()].join('\n'));
  }

  async function annotationsOf(repository: string, { name, annotationsRef }: Check): Promise<string[]> {
    if (annotationsRef === undefined) return [];
    const head = `What ${onOneLine(name)} says of lines:`;
    try {
      const found = await checkLogs.annotations(repository, annotationsRef, MAX_ANNOTATIONS);
      return [`${head}\n${fenced('annotations', {}, annotationLines(found).join('\n'))}`];
    } catch (error) {
      if (!isFault(error)) throw error;
      return [`${head} it could not be read (${error.message}).`];
    }
  }

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

const LEVELS: readonly CheckAnnotation['level'][] = ['failure', 'warning', 'notice'];

/** What failed first; the rest is counted. */
function annotationLines(annotations: readonly CheckAnnotation[]): string[] {
  const worstFirst = annotations.toSorted((a, b) => LEVELS.indexOf(a.level) - LEVELS.indexOf(b.level));
  const lines = worstFirst.slice(0, SHOWN_ANNOTATIONS).map(({ path, line, level, message }) => {
    return `${onOneLine(path)}:${line}: ${level === 'failure' ? '' : `${level}: `}${onOneLine(message)}`;
  });
  const omitted = annotations.length - lines.length;
  const orMore = annotations.length === MAX_ANNOTATIONS ? ' or more' : '';
  return omitted === 0 ? lines : [...lines, `[... ${omitted}${orMore} others ...]`];
}

function sleepOf(seen: Seen | Fault, untilMs: number, wakeAtMs: number): LongWait {
  if (isFault(seen)) return { untilMs: wakeAtMs, reason: 'checks' };
  const { repository, headSha } = seen;
  const reason = `checks of ${headSha.slice(0, 10)}`;
  return { untilMs: wakeAtMs, reason, checks: { repository, headSha, untilMs } };
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
