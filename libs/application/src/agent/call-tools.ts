import { Fault, HARNESS_NOTE, rulePaths, toolCallsOf } from '@swe/domain';
import type {
  AssistantContent,
  JournalEntryOf,
  JsonValue,
  LoadedRule,
  OutboxEntry,
  ToolCallContent,
  UserContent,
} from '@swe/domain';
import { aborted } from './aborted';
import type { RuleLoader } from './knowledge/rule-loader';
import { isLeaving, throwIfLeaving } from './leaving';
import { failed } from './tool';
import type { LongWait, Tool, ToolContext, ToolOutput } from './tool';
import { toolBatches } from './tool-batches-policy';
import { addresseeOf, peopleOf, postOf } from './session-run';
import type { SessionRun } from './session-run';

/** How long a stopped tool has to give its own account before one is written for it. */
const STOP_GRACE_MS = 1_500;

export interface ToolsEnd {
  /** Set when a tool asked the person something: the effect key of the question. */
  readonly questionKey: string | undefined;
  /** Set when calls without a result wait for something: the one that is over first. */
  readonly wait: LongWait | undefined;
}

/** What tools that run have to heed. */
export interface TurnSignals {
  /** Aborts when the turn is stopped, or its machine has to go. */
  readonly stop: AbortSignal;
  /** Aborts when somebody has said something. */
  readonly wordsArrive: AbortSignal;
}

type Call = Tool['call'];

/**
 * Runs the tool calls of one answer and stages one result for each, whatever happens. What the last batch gave is
 * left staged for the next write; earlier batches are committed before the next one starts. `resume` is for calls that
 * a dead process left without a result, or that wait: these get none yet, and what was asked for behind them does not
 * run. The rules that hold where a call was come with its result, each once per session. When the machine has to go
 * (`Leaving`, thrown once all have ended), what had not ended by itself gets no result either.
 */
export async function callTools(
  run: SessionRun,
  tools: ReadonlyMap<string, Tool>,
  content: readonly AssistantContent[],
  maxCalls: number,
  signals: TurnSignals,
  how: 'call' | 'resume' = 'call',
  loadRules: RuleLoader = async () => [],
): Promise<ToolsEnd> {
  const { stop: signal } = signals;
  const calls = toolCallsOf(content);
  const batches = toolBatches(calls, (call) => tools.get(call.name)?.access ?? 'reads');
  let questionKey: string | undefined;
  let wait: LongWait | undefined;
  const stageInTurn = inTurn(async (result: Finished, output: ToolOutput) => {
    const { touched = [] } = output;
    const session = { ...run.session, ...output.session, rules: run.rules };
    const rules = touched.length === 0 ? [] : await loadRules(touched, session, signal);
    stageResult(run, result, output, rules);
    return rules;
  });
  const isBeyondLimit = (call: ToolCallContent): boolean => calls.indexOf(call) >= maxCalls;

  for (const batch of batches) {
    throwIfLeaving(signal);
    const isBehindWait = wait !== undefined;
    // A question ends the turn as it is.
    const mayWait = questionKey === undefined;
    if (!signal.aborted) {
      const atMs = run.ports.clock.nowMs();
      run.stage({ entries: batch.map(({ callId, name }) => ({ kind: 'tool-started', atMs, callId, name })) });
      await run.commit();
    }
    await Promise.all(
      batch.map(async (call) => {
        const act = isBeyondLimit(call) ? tooMany(maxCalls) : actOf(call, tools, how, signal);
        const output = await callTool(
          run,
          isBehindWait ? BEHIND_WAIT : act,
          call,
          signals,
          mayWait,
          stageInTurn,
        );
        if (output.asksBack === true) questionKey = postKey(run, call);
        if (output.wait !== undefined) wait = earlier(wait, output.wait);
      }),
    );
    throwIfLeaving(signal);
  }
  return { questionKey, wait };
}

async function callTool(
  run: SessionRun,
  act: Call,
  call: ToolCallContent,
  { stop: signal, wordsArrive }: TurnSignals,
  mayWait: boolean,
  stage: (result: Finished, output: ToolOutput) => Promise<readonly LoadedRule[]>,
): Promise<ToolOutput> {
  const { clock, observe } = run.ports;
  const startedMs = clock.monotonicMs();
  observe({ type: 'tool.started', callId: call.callId, name: call.name, input: call.input });
  const { callId } = call;
  const { session, record } = run;
  const people = peopleOf(run);
  const startedAtMs = run.startedAtMs(callId) ?? clock.nowMs();
  const effect = effectOf(run, callId, signal);
  const resultOf = (earlier: string) => resultIn(run, earlier);
  const context = { callId, session, people, record, resultOf, signal, wordsArrive, startedAtMs, effect };
  const { wait, ...output } = await endingWith(signal, run, act(call.input, context));
  if (isLeaving(signal)) return output;
  if (wait !== undefined && mayWait && !signal.aborted) return { ...output, wait };
  const { content, isError = false, ran } = output;
  const result = {
    callId,
    name: call.name,
    content: [...content],
    isError,
    durationMs: clock.monotonicMs() - startedMs,
    ...(ran === undefined ? {} : { ran }),
  };
  const rules = await stage(result, output);
  observe({ type: 'tool.finished', ...result, ...rulePaths(rules) });
  return output;
}

type Finished = Omit<JournalEntryOf<'tool-finished'>, 'kind' | 'atMs'>;

function stageResult(
  run: SessionRun,
  result: Finished,
  output: ToolOutput,
  rules: readonly LoadedRule[],
): void {
  const entry = { ...result, ...(rules.length > 0 && { rules: [...rules] }) };
  run.stage({
    entries: [{ kind: 'tool-finished', atMs: run.ports.clock.nowMs(), ...entry }],
    outbox: postsOf(run, postKey(run, result), output),
    session: output.session ?? {},
  });
}

/** One after the other, so that each sees what the one before has brought. */
function inTurn<Args extends readonly unknown[], Result>(
  work: (...args: Args) => Promise<Result>,
): (...args: Args) => Promise<Result> {
  let before: Promise<unknown> = Promise.resolve();
  return (...args) => {
    const result = before.then(() => work(...args));
    before = result;
    return result;
  };
}

function resultIn({ context }: SessionRun, callId: string): readonly UserContent[] | undefined {
  const part = context.parts.find(({ entry }) => entry.kind === 'tool-finished' && entry.callId === callId);
  return part?.entry.kind === 'tool-finished' ? part.entry.content : undefined;
}

function postsOf(
  run: SessionRun,
  key: string,
  { post, attachment, choices, asksBack }: ToolOutput,
): readonly OutboxEntry[] {
  if (post === undefined) return [];
  const beside = {
    ...(attachment && { attachment }),
    ...(choices && { choices }),
    ...(asksBack === true && { mention: addresseeOf(run) }),
  };
  return [postOf(run, key, post, beside)];
}

/** The tool that was asked for, or what stands in for it to say why it does not run. */
function actOf(
  call: ToolCallContent,
  tools: ReadonlyMap<string, Tool>,
  how: 'call' | 'resume',
  signal: AbortSignal,
): Call {
  if (signal.aborted) return refusing('Not run: the person stopped the work first.');
  if (call.malformedInput !== undefined) {
    return refusing(`Not run: the input was not JSON. It began: ${call.malformedInput.slice(0, 200)}`);
  }
  return tools.get(call.name)?.[how] ?? refusing(`There is no tool named ${JSON.stringify(call.name)}.`);
}

/** What was asked for with it in view may not be wanted then. */
const BEHIND_WAIT = refusing(
  'Not run: what you asked for before it still waits. Ask again once that is over.',
);

function earlier(a: LongWait | undefined, b: LongWait): LongWait {
  return a === undefined || b.untilMs < a.untilMs ? b : a;
}

function tooMany(maxCalls: number): Call {
  return refusing(`Not run: one answer may hold at most ${maxCalls} tool calls.`);
}

function refusing(reason: string): Call {
  return async () => failed(`${HARNESS_NOTE} ${reason}`);
}

/** The output, or after a stop and its grace the account that this call did not end by itself. */
async function endingWith(
  signal: AbortSignal,
  run: SessionRun,
  output: Promise<ToolOutput>,
): Promise<ToolOutput> {
  const settled = new AbortController();
  const guarded = output
    .catch((error: unknown) => failed(`Unexpected failure: ${String(error)}`))
    .finally(() => settled.abort());
  const stopped = aborted(signal, settled.signal).then(async () => {
    await run.ports.clock.sleep(STOP_GRACE_MS, settled.signal);
    if (settled.signal.aborted) return guarded;
    return failed(
      `${HARNESS_NOTE} The person stopped the work while this ran; how far it came is not known.`,
    );
  });
  return Promise.race([guarded, stopped]);
}

function effectOf(run: SessionRun, callId: string, signal: AbortSignal): ToolContext['effect'] {
  return async <R extends JsonValue>(effectKey: string, what: string, act: () => Promise<R>): Promise<R> => {
    const { clock, observe } = run.ports;
    if (signal.aborted) throw notAfterStop(what);
    run.stage({ entries: [{ kind: 'effect-intended', atMs: clock.nowMs(), effectKey, what }] });
    await run.commit();
    if (signal.aborted) throw notAfterStop(what);
    observe({ type: 'effect.started', callId, effectKey });
    const receipt = await act().catch((error: unknown) => {
      observe({ type: 'effect.finished', effectKey, isError: true });
      throw error;
    });
    observe({ type: 'effect.finished', effectKey, isError: false });
    run.stage({ entries: [{ kind: 'effect-done', atMs: clock.nowMs(), effectKey, receipt }] });
    return receipt;
  };
}

function notAfterStop(what: string): Fault {
  return new Fault('cancelled', `Not done, the person stopped the work first: ${what}`);
}

function postKey(run: SessionRun, call: Pick<ToolCallContent, 'callId'>): string {
  return `${run.session.id}/${call.callId}`;
}
