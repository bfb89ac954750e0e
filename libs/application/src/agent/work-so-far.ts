import { contentBytes, HARNESS_NOTE, text, toolCallsOf } from '@swe/domain';
import type { Compaction, JournalEntry, JournalEntryOf, ToolCallContent } from '@swe/domain';
import { z } from 'zod';
import { notesOf } from '../tools/todo';
import type { WorkNotes } from '../tools/todo';

/** Of the room that what replaces a part of the conversation has. */
export const SUMMARY_SHARE = 0.4;
/** Of the record; what is left over is for commands. */
const SHARES = { effects: 0.3, rules: 0.2, plan: 0.15, decisions: 0.15, questions: 0.05, files: 0.05 };
const COMMAND_CHARACTERS = 300;
const RECEIPT_CHARACTERS = 500;

const pathInput = z.object({ path: z.string() });
const questionInput = z.object({ question: z.string() });

const INTRODUCTION = `${HARNESS_NOTE} Steps of yours that stood here were left out to make room. What follows is copied from the record of the whole session; what people wrote among those steps comes behind it, word for word.`;
const SUMMARY_INTRODUCTION = `${HARNESS_NOTE} What a model wrote in summary of the steps that were left out. It may err: the record above counts, and the files as they are.`;

/** Steps that go, and the room for what is said instead of them. */
type Cut = Pick<Extract<Compaction, { do: 'cut' }>, 'fromSeq' | 'toSeq' | 'roomBytes' | 'rulesBytes'>;

/**
 * What is said instead of steps that go: the record of the session's work, copied from its journal, then the rules that
 * came with these steps, word for word, then a summary if there is one. No longer than the room, and the same for the
 * same journal.
 */
export function replacementOf(
  journal: readonly JournalEntry[],
  cut: Cut,
  summary: string | undefined,
): readonly string[] {
  const { kept, leftOut } = rulesOf(journal, cut);
  const summaryText = summary === undefined ? [] : [`${SUMMARY_INTRODUCTION}\n\n${summary}`];
  const taken = summaryText.reduce((sum, words) => sum + Buffer.byteLength(words), 0);
  const record = workSoFar(journal, leftOut, cut.roomBytes - taken - Buffer.byteLength(INTRODUCTION));
  return [record, ...kept, ...summaryText];
}

/** The rules that go with the steps: those that there is room for, the first first, and the paths of the others. */
function rulesOf(
  journal: readonly JournalEntry[],
  { fromSeq, toSeq, rulesBytes }: Cut,
): { readonly kept: readonly string[]; readonly leftOut: readonly string[] } {
  const kept: string[] = [];
  const leftOut: string[] = [];
  let left = rulesBytes;
  const gone = journal.flatMap((entry) => {
    const isGone = entry.kind === 'tool-finished' && fromSeq <= entry.seq && entry.seq <= toSeq;
    return isGone ? (entry.rules ?? []) : [];
  });
  // As it was told last, where it changed meanwhile.
  const last = new Map(gone.map((rule) => [rule.path, rule.text]));
  for (const [path, words] of last) {
    if (words === '') continue;
    const bytes = contentBytes([text(words)]);
    if (bytes > left) leftOut.push(path);
    else {
      left -= bytes;
      kept.push(words);
    }
  }
  return { kept, leftOut };
}

function workSoFar(
  journal: readonly JournalEntry[],
  rulesLeftOut: readonly string[],
  roomBytes: number,
): string {
  const work = workOf(journal);
  const { plan, decisions } = work.notes;
  const section = sectionsWithin(roomBytes);
  return [
    INTRODUCTION,
    ...section('Done where others see it, not to be done again', work.effects, SHARES.effects),
    ...section('Rule files left out: read them again where they matter', rulesLeftOut, SHARES.rules),
    ...section(
      'Your plan',
      plan.map((item) => `${item.status}: ${item.text}`),
      SHARES.plan,
    ),
    ...section('Decided', decisions, SHARES.decisions),
    ...section('You asked the person', work.questions, SHARES.questions),
    ...section('Files you wrote', [...work.files], SHARES.files),
    ...section('Commands that ran, with their exit codes: done, not to be run again without a reason', [
      ...work.commands.values(),
    ]),
  ].join('\n\n');
}

/** A list below its heading; of one that doesn't fit the newest lines, and how many more there were. */
function sectionsWithin(roomBytes: number) {
  let left = roomBytes;
  return (heading: string, lines: readonly string[], share = 1): readonly string[] => {
    const framing = Buffer.byteLength(heading) + 64;
    let room = Math.min(left, share * roomBytes) - framing;
    const newest: string[] = [];
    for (const line of lines.toReversed()) {
      room -= Buffer.byteLength(line) + 3;
      if (room < 0) break;
      newest.unshift(`- ${line}`);
    }
    const missing = lines.length - newest.length;
    if (lines.length === 0 || left < framing) return [];
    const body = [...(missing > 0 ? [`- (${missing} more, older or longer)`] : []), ...newest].join('\n');
    left -= framing + Buffer.byteLength(body);
    return [`## ${heading}\n${body}`];
  };
}

interface Work {
  readonly notes: WorkNotes;
  readonly effects: readonly string[];
  readonly questions: readonly string[];
  readonly files: ReadonlySet<string>;
  /** By what they are and where, in the order in which they ran last. */
  readonly commands: ReadonlyMap<string, string>;
}

function workOf(journal: readonly JournalEntry[]): Work {
  const calls = new Map<string, ToolCallContent>();
  const effects = new Map<string, string>();
  const files = new Set<string>();
  const commands = new Map<string, string>();
  const questions: string[] = [];
  let notes: WorkNotes = { plan: [], decisions: [] };

  for (const entry of journal) {
    if (entry.kind === 'model-call-finished') {
      toolCallsOf(entry.content).forEach((call) => calls.set(call.callId, call));
    }
    if (entry.kind === 'effect-intended') {
      effects.set(entry.effectKey, `${entry.what} (begun; whether it was done is not known: look first)`);
    }
    if (entry.kind === 'effect-done') effects.set(entry.effectKey, doneOf(effects, entry));
    if (entry.kind !== 'tool-finished') continue;
    if (entry.ran !== undefined) {
      const { command, cwd, exitCode } = entry.ran;
      const key = JSON.stringify([cwd, command]);
      commands.delete(key);
      commands.set(key, `exit ${exitCode ?? 'unknown'} in ${cwd}: ${inShort(command, COMMAND_CHARACTERS)}`);
    }
    const call = calls.get(entry.callId);
    if (call === undefined || entry.isError) continue;
    notes = notesOf(call, notes);
    const { path } = pathInput.safeParse(call.input).data ?? {};
    const { question } = questionInput.safeParse(call.input).data ?? {};
    if (call.name === 'ask_user' && question !== undefined) questions.push(question);
    if (path === undefined) continue;
    if (call.name === 'write_file' || call.name === 'edit_file') files.add(path);
  }
  return {
    notes,
    effects: [...effects.values()],
    questions,
    files,
    commands,
  };
}

function doneOf(
  effects: ReadonlyMap<string, string>,
  { effectKey, receipt }: JournalEntryOf<'effect-done'>,
): string {
  const what = (effects.get(effectKey) ?? effectKey).replace(/ \(begun;.*\)$/, '');
  return `${what}: ${inShort(JSON.stringify(receipt), RECEIPT_CHARACTERS)}`;
}

function inShort(words: string, characters: number): string {
  return words.length <= characters ? words : `${words.slice(0, characters)} [...]`;
}
