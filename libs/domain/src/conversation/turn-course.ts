import { createHash } from 'node:crypto';
import { z } from 'zod';
import type { NewJournalEntry } from '../session/journal-entry';
import { toolCallsOf } from './content';
import type { ToolCallContent, UserContent } from './content';

/** What a step of a turn was, as far as it can be told from another. */
export interface CourseStep {
  /** Of its calls and of what they gave: two steps with the same print did the same and saw the same. */
  readonly print: string;
  readonly tools: readonly string[];
  /** A script of its sleeps for ten seconds or more, as one does that waits for something outside. */
  readonly sleeps: boolean;
}

/** What a turn's steps were, for seeing whether they lead anywhere. */
export interface TurnCourse {
  /** Newest last, since a person last spoke; the last 40. */
  readonly steps: readonly CourseStep[];
  /** Steps taken since the model was last told that it goes round; undefined where it was not. */
  readonly stepsSinceNudge: number | undefined;
  /** Answers in a row that ended the turn without a word. */
  readonly emptyAnswers: number;
  /** Prints of what a person was already asked about. */
  readonly askedAbout: ReadonlySet<string>;
}

/** The course that entries add up to, one by one. */
export interface GrowingTurnCourse extends TurnCourse {
  add(entry: NewJournalEntry): void;
}

const STEPS_KEPT = 40;

export function createTurnCourse(): GrowingTurnCourse {
  let steps: CourseStep[] = [];
  let stepsSinceNudge: number | undefined;
  let emptyAnswers = 0;
  const askedAbout = new Set<string>();
  let calls: readonly ToolCallContent[] = [];
  let results = new Map<string, string>();

  return {
    get steps() {
      return steps;
    },
    get stepsSinceNudge() {
      return stepsSinceNudge;
    },
    get emptyAnswers() {
      return emptyAnswers;
    },
    askedAbout,
    add(entry) {
      switch (entry.kind) {
        case 'message-admitted':
          steps = [];
          stepsSinceNudge = undefined;
          emptyAnswers = 0;
          return;
        case 'model-call-finished':
          if (entry.purpose !== undefined) return;
          calls = toolCallsOf(entry.content);
          results = new Map();
          if (entry.stop === 'end-turn' && entry.content.every(isBlank)) emptyAnswers += 1;
          else if (entry.stop !== 'error') emptyAnswers = 0;
          return;
        case 'tool-finished':
          if (!calls.some(({ callId }) => callId === entry.callId)) return;
          results.set(entry.callId, resultPrint(entry.content, entry.isError));
          if (results.size < calls.length) return;
          steps = [...steps, stepOf(calls, results)].slice(-STEPS_KEPT);
          if (stepsSinceNudge !== undefined) stepsSinceNudge += 1;
          return;
        case 'harness-noted':
          if (entry.cause === 'going-round') stepsSinceNudge = 0;
          if (entry.cause === 'asked-about-round')
            steps.slice(-1).forEach(({ print }) => askedAbout.add(print));
      }
    },
  };
}

function isBlank(part: { readonly type: string; readonly text?: string }): boolean {
  return part.type === 'text' ? part.text?.trim() === '' : part.type === 'reasoning';
}

function stepOf(calls: readonly ToolCallContent[], results: ReadonlyMap<string, string>): CourseStep {
  const told = calls.map(({ callId, name, input }) => [name, input, results.get(callId)]);
  return {
    print: hashOf(JSON.stringify(told)),
    tools: calls.map(({ name }) => name),
    sleeps: calls.some(({ input }) => SLEEPS.test(scriptInput.safeParse(input).data?.command ?? '')),
  };
}

const scriptInput = z.object({ command: z.string() });
const SLEEPS = /(?:^|[\s;&|(])sleep\s+(?:\d{2,}|\d+(?:\.\d+)?[mh])/;

/** How long something took is no difference. */
const DURATION = /\d+(?:\.\d+)? ?m?s\b/g;

function resultPrint(content: readonly UserContent[], isError: boolean): string {
  const told = content.map((part) =>
    part.type === 'text' ? part.text.replace(DURATION, 'some time') : part,
  );
  return hashOf(JSON.stringify([isError, told]));
}

function hashOf(text: string): string {
  return createHash('sha256').update(text).digest('base64url');
}
