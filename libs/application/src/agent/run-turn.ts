import { isGrantedMore, nextStatus, textOf } from '@swe/domain';
import type { AssistantContent, CostOf, InboxItem, ModelRequest, Outcome } from '@swe/domain';
import { callTools } from './call-tools';
import { readWishes } from './follow-wishes';
import type { KeptCheckpoints } from './keep-checkpoints';
import type { Briefer } from './knowledge/briefer';
import { toolsOf } from './knowledge/custom-agent-policy';
import type { RuleLoader } from './knowledge/rule-loader';
import { modelLine } from './model-line';
import type { PatienceWithModels } from './model-trouble-policy';
import { throwIfLeaving } from './leaving';
import { briefedPrompt } from './prompt/briefed-prompt';
import type { PushStanding } from './push-standing';
import type { FileRestorer } from './put-back-files';
import type { UnpushedFinder } from './find-unpushed';
import { openPurse } from './purse';
import type { Purse } from './purse';
import { stageNearSharedCaps } from './near-caps';
import type { SpendingRules } from './reserve-call';
import { postOf, stageStatus } from './session-run';
import type { SessionRun } from './session-run';
import { admit } from './stage-admission';
import type { Admitter } from './stage-admission';
import { EMPTY_ANSWER_NOTE, isWorthAskingAgain, nudgeNote, stuckDecision } from './stuck-policy';
import type { SessionTools } from './session-tools';
import { takeStep } from './take-step';
import type { LongWait, Tool } from './tool';
import {
  answeredTurn,
  deniedTurn,
  failedTurn,
  stageEnd,
  stageNote,
  stageUnsaved,
  stuckTurn,
  tellUnpushed,
  unfitTurn,
} from './turn-end';
import type { ParkedTurn, TurnEnd } from './turn-end';
import { turnLimitReached } from './turn-limit-policy';
import type { TurnLimits } from './turn-limit-policy';

/** What makes an agent this agent: what it is told, what it can do, how far it may go. */
export interface AgentProfile extends Admitter {
  readonly system: string;
  readonly tools: readonly Tool[];
  /** Tools of other programs, asked for as each turn begins: what changes meanwhile the next one sees. */
  readonly outsideTools?: SessionTools;
  readonly limits: TurnLimits;
  /** Adds to what it is told; without it nothing does. */
  readonly brief?: Briefer;
  /** Brings the rules of repositories; without it there are none. */
  readonly loadRules?: RuleLoader;
  readonly patience: PatienceWithModels;
  readonly spending: SpendingRules;
  /** Looks, before a turn is answered, for what is not pushed; without it nobody is told of it. */
  readonly findUnpushed?: UnpushedFinder;
  /** For people who follow the work; without it they are told no cost. */
  readonly costOf?: CostOf;
  /** Answers say where the session's pull requests are: people read them where nothing else does. */
  readonly linksPullRequests?: boolean;
  /** Without it files are not put back, for there are none. */
  readonly putBackFiles?: FileRestorer;
  /** Told, once the session is opened, how it stands with its pushes. */
  heed?(standing: PushStanding): void;
}

/** In a row: what is sent gets shorter after each, down to next to nothing after so many. */
const MAX_FULL_ANSWERS = 4;

/** Messages that came while a turn goes on. */
export interface Arrivals {
  /** What came since the last time. */
  take(): readonly InboxItem[];
  /** Aborted while there are words to take. */
  readonly words: AbortSignal;
}

/**
 * Works on the session's admitted messages until they have an outcome: step after step, a model call and the tools
 * it asked for. `arrivals` gives messages that came meanwhile; they join at the next step, and what the turn was
 * doing goes on. An abort ends the turn as stopped; before anybody is told of another outcome, what tools did is saved.
 * When no model answers, or what a tool waits for takes long, the turn is parked; when the session's money does not
 * suffice it ends with a question for more, and a turn without a message goes on from there. When the machine has to go, `Leaving` is thrown and the turn has no outcome.
 * Undefined when nothing is to be worked on after all: what there was is refused or deleted.
 */
export async function runTurn(
  run: SessionRun,
  checkpoints: KeptCheckpoints,
  profile: AgentProfile,
  arrivals: Arrivals,
  signal: AbortSignal,
): Promise<Outcome | ParkedTurn | undefined> {
  const checkpointsBefore = run.checkpoints.length;
  const [purse] = await Promise.all([openPurse(run), readWishes(run)]);
  const end = await untilOutcome(run, checkpoints, profile, arrivals, purse, signal).catch(async (error) => {
    // The machine goes now, or the store can't be written: the rest is for whoever opens the session next.
    await purse.settled().catch(() => undefined);
    throw error;
  });
  // Nobody is told of an outcome whose cost may still come.
  await purse.settled();
  await purse.recount();
  stageNearSharedCaps(run, purse);
  if (end === undefined) {
    stageStatus(run, 'turn.finished');
    await run.commit();
    return undefined;
  }
  if ('parkedUntilMs' in end) {
    await run.commit();
    return end;
  }
  const isStopped = end.outcome.kind === 'stopped';
  if (isStopped) {
    await profile.endProcesses();
    // What stopped it may have come during a model call, and belongs to this turn.
    await admit(run, arrivals.take(), profile);
  } else {
    await checkpoints.save();
  }
  stageEnd(run, isStopped ? end : await tellUnpushed(run, end, profile.findUnpushed, signal));
  if (!isStopped) stageUnsaved(run, checkpointsBefore);
  await run.commit();
  run.ports.observe({ type: 'turn.finished', outcome: end.outcome });
  // Nobody who says stop is to wait for this.
  if (isStopped) await checkpoints.save('anything');
  return end.outcome;
}

async function untilOutcome(
  run: SessionRun,
  checkpoints: KeptCheckpoints,
  profile: AgentProfile,
  arrivals: Arrivals,
  purse: Purse,
  signal: AbortSignal,
): Promise<TurnEnd | ParkedTurn | undefined> {
  const { clock } = run.ports;
  const { limits, patience, spending } = profile;
  const startedAtMs = clock.monotonicMs();
  const line = modelLine(run);
  await profile.brief?.(run);
  const all = [...profile.tools, ...((await profile.outsideTools?.(run, signal)) ?? [])];
  const tools = toolsOf(run.briefing?.agent, all);
  const request: Omit<ModelRequest, 'messages'> = {
    system: briefedPrompt(profile.system, run.briefing),
    tools: tools.map((tool) => tool.spec),
    maxOutputTokens: limits.maxOutputTokens,
  };
  const goesOn = isGrantedMore(run.session, spending.capNanoUsd);
  const runTools = async (content: readonly AssistantContent[], how: 'call' | 'resume') => {
    const signals = { stop: signal, wordsArrive: arrivals.words };
    // What was begun with other tools is gone on with.
    const usable = how === 'resume' ? all : tools;
    const { questionKey, wait } = await callTools(
      run,
      new Map(usable.map((tool) => [tool.spec.name, tool])),
      content,
      limits.maxToolCallsPerStep,
      signals,
      how,
      profile.loadRules,
    );
    if (wait !== undefined) return putDown(run, wait);
    if (questionKey === undefined || signal.aborted) return undefined;
    return { outcome: { kind: 'answered', replyKey: questionKey, asksBack: true } } as const;
  };

  const asked = await runTools(run.context.pendingCalls, 'resume');
  if (asked !== undefined) return asked;

  for (let steps = 0, cutAnswers = 0, fullAnswers = 0; ; steps += 1) {
    await admit(run, arrivals.take(), profile);
    throwIfLeaving(signal);
    if (signal.aborted) return { outcome: { kind: 'stopped' } };
    if (run.openMessages.length === 0 && !goesOn) return undefined;
    const limit = turnLimitReached({ steps, startedAtMs, cutAnswers }, limits, clock.monotonicMs());
    if (limit !== undefined) return failedTurn(run, `I stopped: ${limit}`);
    const stuck = stuckDecision(run.course);
    if (stuck.do === 'nudge') stageNote(run, 'going-round', nudgeNote(stuck.what));
    if (stuck.do === 'ask' || stuck.do === 'stop') return stuckTurn(run, stuck);

    const how = { maxMs: limits.maxModelCallMs, patience, line, spending, purse };
    const answer = await takeStep(run, request, how, signal);
    if ('denied' in answer) return deniedTurn(run, answer);
    if ('unfit' in answer) return unfitTurn(run, answer);
    if ('parkedUntilMs' in answer) return park(run, answer.reason, answer.parkedUntilMs);
    cutAnswers = answer.stop === 'max-tokens' ? cutAnswers + 1 : 0;
    fullAnswers = answer.stop === 'context-full' ? fullAnswers + 1 : 0;
    switch (answer.stop) {
      case 'cancelled':
        return { outcome: { kind: 'stopped' } };
      case 'error':
        return failedTurn(
          run,
          `The model could not be reached: ${answer.failure?.message ?? 'unknown failure'}`,
          'Send a message to make me try again.',
        );
      case 'refusal':
        return failedTurn(
          run,
          textOf(answer.content) || 'The model refused this request without giving a reason.',
        );
      case 'context-full':
        // Less is sent the next time: the journal now tells how much was too much.
        if (fullAnswers > MAX_FULL_ANSWERS) return unfitTurn(run, { unfit: 'full' });
        break;
      case 'end-turn':
        if (isWorthAskingAgain(run.course)) {
          stageNote(run, 'empty-answer', EMPTY_ANSWER_NOTE);
          break;
        }
        return answeredTurn(run, textOf(answer.content), profile.linksPullRequests === true);
      case 'max-tokens':
      case 'tool-use': {
        await checkpoints.taken();
        const question = await runTools(answer.content, 'call');
        if (question !== undefined) return question;
        checkpoints.begin();
      }
    }
  }
}

/** What it waits for people see in the status, and need no post for. */
function putDown(run: SessionRun, { untilMs, reason, checks }: LongWait): ParkedTurn {
  const atMs = run.ports.clock.nowMs();
  run.stage({
    entries: [{ kind: 'wait-until', atMs, wakeAtMs: untilMs, reason }],
    session: { wakeAtMs: untilMs, awaitedChecks: checks },
  });
  stageStatus(run, 'turn.waits');
  run.ports.observe({ type: 'session.waiting', reason, untilMs });
  return { parkedUntilMs: untilMs };
}

/** Says where the person reads why nothing happens: one post for all parkings of a turn, with the latest reason. */
function park(run: SessionRun, reason: string, untilMs: number): ParkedTurn {
  const { session, ports } = run;
  const status = nextStatus(session.status, 'turn.parked');
  const atMs = ports.clock.nowMs();
  const minutes = Math.max(1, Math.round((untilMs - atMs) / 60_000));
  const key = `${session.id}/parked-${run.openMessages[0]}`;
  const body = `No model answers (${reason}). I go on trying by myself, next in ${minutes} min.`;
  run.stage({
    entries: [
      { kind: 'wait-until', atMs, wakeAtMs: untilMs, reason },
      { kind: 'state-changed', atMs, from: session.status, to: status },
    ],
    session: { status, retryAtMs: untilMs },
    outbox: [{ ...postOf(run, key, body), class: 'status' }],
  });
  ports.observe({ type: 'session.parked', reason, untilMs });
  return { parkedUntilMs: untilMs };
}
