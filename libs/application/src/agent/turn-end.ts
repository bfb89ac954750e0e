import {
  HARNESS_NOTE,
  nextStatus,
  reactionTo,
  sessionScope,
  text,
  turnEndingOf,
  unpushedWords,
} from '@swe/domain';
import type { JournalEntryOf, OutboxEntry, Outcome, UnpushedWork } from '@swe/domain';
import { budgetCommand, capReachedWords, sharedCapReachedWords, unknownPriceWords } from './budget-words';
import type { UnpushedFinder } from './find-unpushed';
import type { NoFit } from './fit-context';
import { marksOf } from './marks-of';
import type { CallDenial } from './reserve-call';
import { addresseeOf, postOf } from './session-run';
import type { WritingPorts } from './agent-ports';
import type { SessionRun } from './session-run';
import type { StuckEnd } from './stuck-policy';

/** How a turn ended, and the post that tells the person, if any words are due. */
export interface TurnEnd {
  readonly outcome: Outcome;
  readonly post?: { readonly key: string; readonly body: string; readonly commands?: readonly string[] };
  /** The session's cap, when that is what ended it. */
  readonly deniedCapNanoUsd?: number;
  /** What its post says of it beside the answer. */
  readonly unpushed?: readonly UnpushedWork[];
}

/** A turn that no model answers, or that waits for long. It has no outcome yet and goes on where it was. */
export interface ParkedTurn {
  readonly parkedUntilMs: number;
}

export function answeredTurn(run: SessionRun, words: string, linksPullRequests: boolean): TurnEnd {
  const key = `${run.session.id}/answer-${run.callNumber}`;
  const said = words.trim() === '' ? 'The model ended its work without a word.' : words;
  const unsaid = run.session.pullRequests.filter(({ url }) => !words.includes(url));
  const links = linksPullRequests ? unsaid.map(({ url }) => `Pull request: ${url}`) : [];
  const body = [said, ...(links.length > 0 ? [links.join('\n')] : [])].join('\n\n');
  return { outcome: { kind: 'answered', replyKey: key }, post: { key, body } };
}

/**
 * Says before a turn's answer what of the work is not pushed: an answer that claims more does not stand alone. Before,
 * since Markdown that the answer leaves open would hide what stands behind it.
 */
export async function tellUnpushed(
  run: SessionRun,
  end: TurnEnd,
  find: UnpushedFinder = async () => [],
  signal: AbortSignal,
): Promise<TurnEnd> {
  const { outcome, post } = end;
  if (post === undefined || outcome.kind !== 'answered' || outcome.asksBack === true) return end;
  const unpushed = await find(run, signal);
  if (unpushed.length === 0) return end;
  return { ...end, unpushed, post: { ...post, body: `${unpushedWords(unpushed)}\n\n${post.body}` } };
}

export function failedTurn(run: SessionRun, cause: string, advice?: string): TurnEnd {
  const body = advice === undefined ? cause : `${cause}\n\n${advice}`;
  return {
    outcome: { kind: 'failed', cause },
    post: { key: endKey(run, 'failure'), body },
  };
}

/** Of a post that ends a turn without an answer: another for each message that gets no further, though no call was made. */
function endKey({ session, admitted, callNumber }: SessionRun, what: string): string {
  const lastSeq = Math.max(session.cursor, ...admitted.keys());
  return `${session.id}/${what}-${callNumber}-${lastSeq}`;
}

/** Says something to the model before its next answer. */
export function stageNote(
  run: SessionRun,
  cause: JournalEntryOf<'harness-noted'>['cause'],
  text: string,
): void {
  run.stage({ entries: [{ kind: 'harness-noted', atMs: run.ports.clock.nowMs(), cause, text }] });
}

/** Puts a turn that goes round to the person: as a question, or where they were asked before, as its end. */
export function stuckTurn(run: SessionRun, stuck: StuckEnd): TurnEnd {
  const seen = `I seem to go round in circles: ${stuck.what}.`;
  if (stuck.do === 'stop')
    return failedTurn(run, seen, 'I stopped here. Tell me another way, or what I miss.');
  const key = `${run.session.id}/stuck-${run.callNumber}`;
  const told = `You went round in circles: ${stuck.what}. The person was asked how to go on.`;
  stageNote(run, 'asked-about-round', told);
  return {
    outcome: { kind: 'answered', replyKey: key, asksBack: true },
    post: { key, body: `${seen} How shall I go on?` },
  };
}

/** Asks for more money, or for a price. What the turn was at stays as it is. */
export async function deniedTurn(run: SessionRun, denial: CallDenial): Promise<TurnEnd> {
  if (denial.denied === 'price') {
    const { cause, advice } = unknownPriceWords(denial.model);
    return failedTurn(run, cause, advice);
  }
  const { session, ports } = run;
  const { capNanoUsd, scope } = denial;
  const { spentNanoUsd } = await ports.ledger.report(scope);
  // Asked again for each cap, too.
  const key = `${endKey(run, 'budget')}-${capNanoUsd}`;
  const outcome: Outcome = { kind: 'answered', replyKey: key, asksBack: true };
  if (scope !== sessionScope(session.id)) {
    return { outcome, post: { key, body: sharedCapReachedWords({ ...denial, spentNanoUsd }) } };
  }
  return {
    outcome,
    post: {
      key,
      body: capReachedWords(session, { ...denial, spentNanoUsd }),
      commands: [budgetCommand(capNanoUsd)],
    },
    deniedCapNanoUsd: capNanoUsd,
  };
}

/** Says what no longer fits. Nothing that people wrote is left out without their word. */
export function unfitTurn(run: SessionRun, { unfit }: NoFit): TurnEnd {
  if (unfit === 'full') {
    return failedTurn(
      run,
      'The conversation no longer fits into the model, although I left out what can be left out.',
      'Start a new session to go on.',
    );
  }
  const key = `${run.session.id}/pinned-${run.callNumber}-${run.openMessages.at(-1)}`;
  const body =
    'What was written to me in this session is more than I can keep in mind word for word beside the work, and I leave out none of it by myself. What of it still counts? Say that in a new session, or give me a model with a larger context (`model <name>`) and say "go on".';
  return { outcome: { kind: 'answered', replyKey: key, asksBack: true }, post: { key, body } };
}

/** What the turn's last checkpoint lacks and the one before the turn did not: said once, for it may stay so for long. */
export function stageUnsaved(run: SessionRun, checkpointsBefore: number): void {
  if (run.checkpoints.length === checkpointsBefore) return;
  const known = new Set(run.checkpoints[checkpointsBefore - 1]?.notSaved.map(({ directory }) => directory));
  const { id } = run.session;
  for (const [n, { directory, why }] of (run.checkpoints.at(-1)?.notSaved ?? []).entries()) {
    if (known.has(directory)) continue;
    run.ports.logger.warn('checkpoint.incomplete', { sessionId: id, directory, reason: why });
    const body = `What I did in \`${directory}\` is not saved, and would be lost with this machine: ${why}`;
    run.stage({ outbox: [postOf(run, `${id}/unsaved-${run.callNumber}-${n}`, body)] });
  }
}

/** Ends, as stopped, a turn that was put down, where none of its tools can be asked any more. */
export function stageStoppedAsleep(run: SessionRun<WritingPorts>): void {
  const atMs = run.ports.clock.nowMs();
  const content = [text(`${HARNESS_NOTE} The person stopped the work while this waited.`)];
  const results = run.context.pendingCalls.map(
    ({ callId, name }) =>
      ({ kind: 'tool-finished', atMs, callId, name, content, isError: true, durationMs: 0 }) as const,
  );
  run.stage({
    entries: results,
    session: { retryAtMs: undefined, wakeAtMs: undefined, awaitedChecks: undefined },
  });
  stageEnd(run, { outcome: { kind: 'stopped' } });
}

export function stageEnd(
  run: SessionRun<WritingPorts>,
  { outcome, post, deniedCapNanoUsd, unpushed }: TurnEnd,
): void {
  const { session, ports, admitted, openMessages } = run;
  const items = openMessages.flatMap((seq) => admitted.get(seq) ?? []);
  const atMs = ports.clock.nowMs();
  const from = session.status;
  const to = nextStatus(from, 'turn.finished');
  const outcomes = openMessages.map((seq) => ({ seq, outcome }));
  run.stage({
    entries: [
      { kind: 'state-changed', atMs, from, to, outcome, ...(unpushed && { unpushed: [...unpushed] }) },
    ],
    outcomes,
    outbox: [
      ...(post === undefined ? [] : [answerPost(run, post)]),
      ...marksOf(session, items, reactionTo(outcome), atMs),
    ],
    session: { status: to, lastTurn: turnEndingOf(outcome), deniedCapNanoUsd },
  });
}

function answerPost(
  run: SessionRun<WritingPorts>,
  { key, body, commands }: NonNullable<TurnEnd['post']>,
): OutboxEntry {
  return postOf(run, key, body, { mention: addresseeOf(run), ...(commands !== undefined && { commands }) });
}
