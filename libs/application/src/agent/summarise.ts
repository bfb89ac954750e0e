import { addUsage, isFault, text, textOf } from '@swe/domain';
import type { JournalEntry, LanguageModel, ModelFinished, ModelRequest } from '@swe/domain';
import { callModel } from './call-model';
import { isSummary, SUMMARY_PROMPT } from './prompt/summary-prompt';
import type { Purse } from './purse';
import { beginCall, billOf, planAlone } from './reserve-call';
import type { SpendingRules } from './reserve-call';
import type { SessionRun } from './session-run';
import { transcriptOf } from './transcript-of';

/** Of the summary. */
const MAX_OUTPUT_TOKENS = 4_096;
const MAX_TRANSCRIPT_BYTES = 300_000;

export interface SummaryOptions {
  /** Of one model call. */
  readonly maxMs: number;
  readonly spending: SpendingRules;
  readonly purse: Purse;
  readonly maxBytes: number;
}

/**
 * A summary of a part of the session by a cheap model, or by the session's own where there is no cheaper one. It is a
 * model call like any other, reserved, journalled and settled, but no step. Undefined when none is to be had, or when it
 * is not what was asked for: nobody depends on it.
 */
export async function summarise(
  run: SessionRun,
  model: LanguageModel,
  part: readonly JournalEntry[],
  { maxBytes, ...options }: SummaryOptions,
  signal: AbortSignal,
): Promise<string | undefined> {
  const { spending } = options;
  const summariserId = spending.summariserOf?.(model.id);
  if (summariserId === undefined) return undefined;
  const summariser = await opened(run, summariserId, model);
  const contextTokens = spending.priceOf(summariser.id)?.contextTokens ?? 0;
  // A token is a byte or more, so it fits whatever its words are cut by.
  const transcript = transcriptOf(part, Math.min(MAX_TRANSCRIPT_BYTES, contextTokens / 2));
  const request: ModelRequest = {
    system: SUMMARY_PROMPT,
    tools: [],
    messages: [{ role: 'user', content: [text(transcript)] }],
    maxOutputTokens: MAX_OUTPUT_TOKENS,
  };
  const answer = await askOnce(run, summariser, request, options, signal);
  const words = answer?.stop === 'end-turn' ? textOf(answer.content).trim() : '';
  return isSummary(words, maxBytes) ? words : undefined;
}

async function opened(run: SessionRun, id: string, otherwise: LanguageModel): Promise<LanguageModel> {
  const { models, openModel, logger } = run.ports;
  const known = [otherwise, ...models].find((each) => each.id === id);
  if (known !== undefined) return known;
  try {
    return await openModel(id);
  } catch (error) {
    if (!isFault(error)) throw error;
    logger.warn('summariser.unopened', { sessionId: run.session.id, model: id, reason: error.message });
    return otherwise;
  }
}

/** Undefined where there is no money for it. */
async function askOnce(
  run: SessionRun,
  model: LanguageModel,
  request: ModelRequest,
  { spending, maxMs, purse }: Omit<SummaryOptions, 'maxBytes'>,
  signal: AbortSignal,
): Promise<ModelFinished | undefined> {
  const { clock } = run.ports;
  const planned = planAlone(run, spending, model.id, request);
  if (planned === undefined) return undefined;
  const purpose = 'summary';
  if ((await beginCall(run, planned, purse, { purpose })) !== undefined) return undefined;
  const call = { callNumber: planned.key.callNumber, model: model.id, purpose } as const;
  const startedMs = clock.monotonicMs();
  // Nobody is to read it as it is said.
  const unheard = { clock, model, observe: () => undefined };
  const answer = await callModel(unheard, request, call.callNumber, maxMs, signal);
  const bill = billOf(planned, answer);
  purse.pay(planned, bill);
  const { content, stop, usage, failure } = answer;
  run.stage({
    entries: [
      {
        kind: 'model-call-finished',
        atMs: clock.nowMs(),
        ...call,
        content: [...content],
        stop,
        durationMs: clock.monotonicMs() - startedMs,
        ...(usage !== undefined && { usage }),
        ...(failure !== undefined && { failure: failure.message }),
        bill,
      },
    ],
    ...(usage !== undefined && {
      session: { totals: { ...run.session.totals, usage: addUsage(run.session.totals.usage, usage) } },
    }),
  });
  return answer;
}
