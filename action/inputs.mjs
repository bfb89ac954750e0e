import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';

/** One that is set for longer goes off at once: https://nodejs.org/api/timers.html#settimeoutcallback-delay-args */
const LONGEST_TIMER_MS = 2 ** 31 - 1;

/**
 * What the workflow asks for. An input that is not given is an empty variable.
 *
 * @param {Readonly<Record<string, string | undefined>>} env
 */
export function readInputs(env) {
  const apiUrl = needed(env, 'SWE_API_URL', 'api-url').replace(/\/+$/, '');
  if (!/^https:\/\/|^http:\/\/(127\.0\.0\.1|localhost)(:|\/)/.test(apiUrl)) {
    throw new Error('The input api-url must begin with https://, or the key could be read on its way.');
  }
  const minutes = Number(env.SWE_TIMEOUT_MINUTES || '60');
  if (!(minutes > 0)) throw new Error('The input timeout-minutes must be a number of minutes.');
  const request = readRequest(env);
  return {
    apiUrl,
    apiKey: needed(env, 'SWE_API_KEY', 'api-key'),
    request,
    idempotencyKey: idempotencyKeyOf(env, request),
    isAwaited: env.SWE_WAIT !== 'false',
    timeoutMs: Math.min(minutes * 60_000, LONGEST_TIMER_MS),
  };
}

/** The body of the call that begins the session. */
function readRequest(env) {
  const budgetUsd = env.SWE_BUDGET_USD ? Number(env.SWE_BUDGET_USD) : undefined;
  if (Number.isNaN(budgetUsd)) throw new Error('The input budget-usd must be a number of US dollars.');
  return {
    ...(env.SWE_TASK ? { task: env.SWE_TASK } : taskOfEvent(readEvent(env))),
    repository: repositoryOf(env),
    base: env.SWE_BASE || undefined,
    model: env.SWE_MODEL || undefined,
    budgetUsd,
  };
}

function repositoryOf({ SWE_REPOSITORY, GITHUB_REPOSITORY, GITHUB_SERVER_URL = 'https://github.com' }) {
  const repository = SWE_REPOSITORY || GITHUB_REPOSITORY;
  return /^[\w.-]+\/[\w.-]+$/.test(repository ?? '') ? `${GITHUB_SERVER_URL}/${repository}` : repository;
}

/** https://docs.github.com/en/webhooks/webhook-events-and-payloads */
function taskOfEvent({ comment, review, issue, pull_request: pullRequest }) {
  const words = comment?.body ?? review?.body ?? undefined;
  // A pull request's comments come as those of an issue.
  const isIssue = issue !== undefined && issue.pull_request === undefined;
  if (isIssue) return { task: words || undefined, issue: issue.html_url };
  const page = pullRequest?.html_url ?? issue?.html_url;
  if (words && page !== undefined) return { task: `${words}\n\n${page}` };
  throw new Error(
    'Nothing says what to do: give the input task, or start the workflow by an issue or a comment.',
  );
}

function readEvent({ GITHUB_EVENT_PATH: path }) {
  return path ? JSON.parse(readFileSync(path, 'utf8')) : {};
}

/** The same for each call of one attempt, so that a lost answer begins no second session; a re-run begins one. */
function idempotencyKeyOf({ GITHUB_RUN_ID, GITHUB_RUN_ATTEMPT, GITHUB_JOB, GITHUB_ACTION }, request) {
  // Legs of a matrix have all of that in common but what they ask for.
  const asked = createHash('sha256')
    .update(JSON.stringify([GITHUB_JOB, GITHUB_ACTION, request]))
    .digest('hex');
  return `github-${GITHUB_RUN_ID ?? '0'}-${GITHUB_RUN_ATTEMPT ?? '1'}-${asked.slice(0, 16)}`;
}

function needed(env, name, input) {
  const value = env[name];
  if (!value) throw new Error(`The input ${input} is empty.`);
  return value;
}
