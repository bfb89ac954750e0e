import { compactionFor, contentBytes, contextWindow, estimateTokens, text } from '@swe/domain';
import type { Compaction, LanguageModel, ModelRequest, NewJournalEntry, UserContent } from '@swe/domain';
import { throwIfLeaving } from './leaving';
import { fixedTokensOf } from './reserve-call';
import type { SessionRun } from './session-run';
import { summarise } from './summarise';
import type { SummaryOptions } from './summarise';
import { replacementOf, SUMMARY_SHARE } from './work-so-far';

/** Why no model call can be made: what people wrote, or everything together, is more than the model takes. */
export interface NoFit {
  readonly unfit: 'pinned' | 'full';
}

export type FitOptions = Omit<SummaryOptions, 'maxBytes'>;

/**
 * Makes the conversation fit into the model that is asked next, once it has grown to its limit: what is left out is
 * decided by `compactionFor` and journalled in one write before the call, so that whoever resumes the session sends the
 * same bytes. A summary of what goes is asked for where a model is known for that; without a good one the record of the
 * work stands alone.
 */
export async function fitContext(
  run: SessionRun,
  model: LanguageModel,
  request: Omit<ModelRequest, 'messages'>,
  options: FitOptions,
  signal: AbortSignal,
): Promise<NoFit | undefined> {
  const price = options.spending.priceOf(model.id);
  // Such a model is not called at all.
  if (price === undefined) return undefined;
  const window = contextWindow(price, request.maxOutputTokens);
  const asked = { modelId: model.id, fixedBytes: fixedTokensOf(request) };
  // What a provider refused counts only once it is written.
  if (run.unwritten.some(isRefusal)) await run.commit();
  const { size } = run.context;
  const bytes = size.bytes + run.unwritten.reduce((sum, entry) => sum + bytesOf(entry), 0);
  const tokens = estimateTokens({ ...size, bytes }, { ...asked, inputTokens: window.inputTokens });
  if (tokens < window.limitTokens) return undefined;

  // What is left out is numbered by the journal.
  await run.commit();
  const compaction = compactionFor(run.context, window, asked);
  if (compaction === undefined) return undefined;
  if (compaction.do === 'nothing-fits') return { unfit: compaction.because };
  await compact(run, model, compaction, options, signal);
  return undefined;
}

async function compact(
  run: SessionRun,
  model: LanguageModel,
  compaction: Exclude<Compaction, { do: 'nothing-fits' }>,
  options: FitOptions,
  signal: AbortSignal,
): Promise<void> {
  const { clock, observe, logger } = run.ports;
  const { size } = run.context;
  const entries: NewJournalEntry[] = [];
  let isSummarised = false;
  if (compaction.do === 'cut') {
    const { fromSeq, toSeq, keeps, roomBytes } = compaction;
    const journal = run.context.parts.map(({ entry }) => entry);
    const middle = journal.slice(fromSeq - 1, toSeq);
    const maxBytes = Math.floor(roomBytes * SUMMARY_SHARE);
    const summary = await summarise(run, model, middle, { ...options, maxBytes }, signal);
    // Stopped meanwhile: nothing is to be sent that would have to fit.
    throwIfLeaving(signal);
    if (signal.aborted) return;
    isSummarised = summary !== undefined;
    const replacement: UserContent[] = replacementOf(journal, compaction, summary).map(text);
    const atMs = clock.nowMs();
    entries.push({ kind: 'context-compacted', atMs, fromSeq, toSeq, replacement, keeps: [...keeps] });
  }
  if (compaction.results.length > 0) {
    entries.push({ kind: 'results-shortened', atMs: clock.nowMs(), results: [...compaction.results] });
  }
  run.stage({ entries });
  await run.commit();
  const made = { bytesBefore: size.bytes, bytesAfter: run.context.size.bytes, isSummarised };
  logger.info('context.compacted', { sessionId: run.session.id, how: compaction.do, ...made });
  observe({ type: 'context.compacted', ...made });
}

function isRefusal(entry: NewJournalEntry): boolean {
  return entry.kind === 'model-call-finished' && entry.stop === 'context-full';
}

/** What an entry that is not written yet adds to the conversation. */
function bytesOf(entry: NewJournalEntry): number {
  switch (entry.kind) {
    case 'message-admitted':
    case 'tool-finished':
      return contentBytes(entry.content);
    default:
      return 0;
  }
}
