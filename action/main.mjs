import { setTimeout as sleep } from 'node:timers/promises';
import { eventLine } from './event-line.mjs';
import { readInputs } from './inputs.mjs';
import { openSessionApi } from './session-api.mjs';
import { openWorkflow } from './workflow.mjs';

/** Events tell when to look; what came of a task is looked up, also where no event told. */
const LOOK_MS = 10_000;

const FAILURES = ['refused', 'stopped', 'cancelled', 'failed', 'timed-out'];

const workflow = openWorkflow(process.env, (line) => console.log(line));
try {
  await run(readInputs(process.env));
} catch (error) {
  workflow.error(error instanceof Error ? error.message : String(error));
  process.exitCode = 1;
}

async function run({ apiUrl, apiKey, request, idempotencyKey, isAwaited, timeoutMs }) {
  workflow.mask(apiKey);
  workflow.quote();
  const over = new AbortController();
  const timer = setTimeout(() => over.abort(), timeoutMs);
  const api = openSessionApi({ apiUrl, apiKey, signal: over.signal, warn: workflow.print });
  let id;
  try {
    ({ id } = await api.begin(request, idempotencyKey));
    workflow.output('session-id', id);
    workflow.print(`Session ${id} has begun.`);
    if (!isAwaited) return;
    report(await awaited(api, id), await api.session(id));
  } catch (error) {
    if (!over.signal.aborted) throw error;
    workflow.output('outcome', 'timed-out');
    const what = id === undefined ? 'No session has begun' : `Session ${id} is not done, and goes on`;
    throw new Error(`${what}: the ${timeoutMs / 60_000} minutes of timeout-minutes are over.`);
  } finally {
    clearTimeout(timer);
    over.abort();
  }
}

/** Shows what the session does until there is an outcome. */
async function awaited(api, id) {
  let look = () => undefined;
  const following = follow(api, id, () => look());
  following.catch(() => undefined);
  for (;;) {
    const told = new Promise((resolve) => (look = resolve));
    const outcome = await api.outcome(id);
    if (outcome !== undefined) return outcome;
    const waking = new AbortController();
    await Promise.race([told, following, sleep(LOOK_MS, undefined, { signal: waking.signal })]).finally(() =>
      waking.abort(),
    );
  }
}

/** Resolves never once all is told: then there is nothing more to wake for. */
async function follow(api, id, onOutcome) {
  for await (const event of api.events(id)) {
    const line = eventLine(event);
    if (line !== undefined) workflow.print(line);
    if (event.outcome !== undefined) onOutcome();
  }
  return new Promise(() => undefined);
}

function report(outcome, { id, pullRequests }) {
  const word = outcome.kind === 'answered' && outcome.asksBack ? 'asked' : outcome.kind;
  const url = pullRequests.at(-1)?.url ?? '';
  const words = outcome.text ?? outcome.reason ?? outcome.cause ?? '';
  workflow.output('outcome', word);
  workflow.output('pull-request-url', url);
  workflow.print(words);
  workflow.summary([`**${word}** ${url}`, words, `Session \`${id}\``].join('\n\n'));
  if (FAILURES.includes(word)) throw new Error(`The session's task was ${word}. ${words}`.trim());
}
