import { HARNESS_NOTE, textOf, toolCallsOf } from '@swe/domain';
import type { ModelMessage, ToolCallContent, ToolResultContent, UserContent } from '@swe/domain';
import type { Ending, Move, Script, ToolOutcome, ToolUse } from './script';

/** What a rehearsal says next. Without calls it is the end of the turn. */
export interface Answer {
  readonly say: string;
  readonly calls: readonly ToolUse[];
  readonly refuses: boolean;
}

const OVER =
  'This is a rehearsal, not an intelligence, and its script is over: I cannot work on this. Set SWE_MODEL to connect a real model.';
const LOST =
  'This is a rehearsal, and this conversation was not led by its script: I cannot go on with it. Set SWE_MODEL to connect a real model.';
const HEARD = 'I have read your message; a rehearsal cannot act on it, so I go on with my script.';
const AGAIN = 'I ask once more for what was interrupted.';
const NOTED = 'I have read the note of the software around me and go on.';

/** How results begin whose call never ran to its end: a stop, or a machine that went away. */
const INTERRUPTED = [
  `${HARNESS_NOTE} Interrupted:`,
  `${HARNESS_NOTE} Not run: the person stopped`,
  `${HARNESS_NOTE} The person stopped`,
];
const STOPPED_COMMAND = /^\[stopped by the person after /m;

/**
 * Plays `script` through the whole conversation and gives its next answer. Nothing is remembered between answers, so
 * that any process can go on with the conversation. Calls that were interrupted are asked for once more.
 */
export function nextAnswer(script: Script, messages: readonly ModelMessage[]): Answer {
  const [first, ...rest] = messages;
  const run = script(textOf(first?.content ?? []));
  let step = run.next();
  let waiting = callsOf(step);
  let outcomes = new Map<ToolUse, ToolOutcome>();
  let asked: readonly ToolCallContent[] = [];
  let again = false;
  let words = '';

  for (const message of rest) {
    if (message.role === 'assistant') {
      asked = toolCallsOf(message.content);
      // A stopped answer keeps its first words; only the whole of the last words ends the script.
      if (step.done === true && textOf(message.content).endsWith(step.value.say)) return refusal(OVER);
      continue;
    }
    words = textOf(message.content);
    if (asked.length === 0) continue;
    if (!isSame(waiting, asked)) return refusal(LOST);
    for (const [i, call] of waiting.entries()) {
      const outcome = outcomeOf(asked[i], message.content);
      if (outcome !== undefined) outcomes.set(call, outcome);
    }
    waiting = waiting.filter((call) => !outcomes.has(call));
    again = waiting.length > 0;
    if (again) continue;
    step = run.next(callsOf(step).flatMap((call) => outcomes.get(call) ?? []));
    waiting = callsOf(step);
    outcomes = new Map();
  }

  const heard = words === '' ? '' : `${words.startsWith(HARNESS_NOTE) ? NOTED : HEARD}\n\n`;
  const say = `${heard}${again ? AGAIN : step.value.say}`;
  return { say, calls: waiting, refuses: step.done === true && step.value.gaveUp };
}

function refusal(say: string): Answer {
  return { say, calls: [], refuses: true };
}

function callsOf(step: IteratorResult<Move, Ending>): readonly ToolUse[] {
  return step.done === true ? [] : step.value.calls;
}

function isSame(waiting: readonly ToolUse[], asked: readonly ToolCallContent[]): boolean {
  return waiting.length === asked.length && waiting.every(({ name }, i) => name === asked[i]?.name);
}

/** Undefined for a call that was interrupted. */
function outcomeOf(
  call: ToolCallContent | undefined,
  content: readonly (UserContent | ToolResultContent)[],
): ToolOutcome | undefined {
  const result = content.find((part) => part.type === 'tool-result' && part.callId === call?.callId);
  if (result?.type !== 'tool-result') return undefined;
  const text = textOf(result.content);
  const interrupted = INTERRUPTED.some((start) => text.startsWith(start)) || STOPPED_COMMAND.test(text);
  return interrupted ? undefined : { text, isError: result.isError };
}
