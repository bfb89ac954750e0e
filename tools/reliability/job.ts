import { z } from 'zod';
import { noUsage } from '@swe/domain';
import type {
  Clock,
  JsonObject,
  LanguageModel,
  ModelEvent,
  ModelMessage,
  ModelRequest,
  ToolCallContent,
} from '@swe/domain';
import { transcriptProblem } from './transcript-check';

export const REPOSITORY = 'forge://shop';
export const FINAL_WORDS = 'Fixed: the pull request is open.';

interface Stage {
  readonly name: string;
  readonly input: JsonObject;
}

const PRICE = 'export const price = 4;\n';

/** What the job leaves in its pull request. */
export const FINAL_FILES = { README: '', 'price.js': PRICE };

/** A whole job, from the clone to the pull request; one step each. */
const STAGES: readonly (readonly Stage[])[] = [
  [{ name: 'clone_repository', input: { repository: REPOSITORY } }],
  [
    { name: 'read_file', input: { path: 'shop/README' } },
    { name: 'list_files', input: { path: 'shop' } },
  ],
  [{ name: 'report_progress', input: { message: 'I have read the code.' } }],
  [{ name: 'write_file', input: { path: 'shop/price.js', content: PRICE } }],
  [{ name: 'bash', input: { command: 'npm test' } }],
  [{ name: 'bash', input: { command: 'git commit --all --message="Fix the price"' } }],
  [
    {
      name: 'open_pull_request',
      input: { directory: 'shop', title: 'Fix the price', body: 'It was wrong.' },
    },
  ],
];

const WAIT: readonly Stage[] = [{ name: 'wait_for_checks', input: { minutes: 60 } }];

const stageInput = z.object({ name: z.string(), input: z.record(z.string(), z.json()) });

/** How long the model thinks. */
const ANSWER_MS = 4_000;

/**
 * A model that does the job by what the conversation says is done, so that whoever asks it, and however often, gets
 * the same answer. It refuses a transcript as a provider would, and tells `onRefused`. `waits`: it answers when the
 * checks are through.
 */
export function jobModel(
  clock: Pick<Clock, 'sleep'>,
  onRefused: (problem: string) => void,
  waits = false,
): LanguageModel {
  const stages = waits ? [...STAGES, WAIT] : STAGES;
  return {
    id: 'scripted/job',
    async *stream(request: ModelRequest, signal: AbortSignal): AsyncIterable<ModelEvent> {
      await clock.sleep(ANSWER_MS, signal);
      const problem = transcriptProblem(request.messages);
      if (problem !== undefined) {
        onRefused(problem);
        yield {
          type: 'finished',
          stop: 'error',
          content: [],
          failure: { kind: 'invalid', message: problem },
        };
        return;
      }
      const done = doneIn(request.messages);
      const next = stages.find((stage) => stage.some((each) => !done.has(keyOf(each))));
      const calls = (next ?? []).filter((each) => !done.has(keyOf(each)));
      yield calls.length === 0
        ? {
            type: 'finished',
            stop: 'end-turn',
            content: [{ type: 'text', text: FINAL_WORDS }],
            usage: noUsage,
          }
        : {
            type: 'finished',
            stop: 'tool-use',
            content: calls.map((call, i) => ({ type: 'tool-call' as const, callId: `t${i}`, ...call })),
            usage: noUsage,
          };
    },
  };
}

/** What is lost with a machine after its last checkpoint: what the calls of these tools did. */
export const ON_DISK: ReadonlySet<string> = new Set(['clone_repository', 'write_file', 'bash']);
const LOST = /^What these later tool calls did to files is lost.*:\n((?:- .*\n?)+)/m;

/** The calls that have a good result, and whose work no lost machine took along. */
function doneIn(messages: readonly ModelMessage[]): ReadonlySet<string> {
  const calls = new Map<string, ToolCallContent>();
  const made: ToolCallContent[] = [];
  let done: string[] = [];
  for (const part of messages.flatMap(({ content }) => [...content])) {
    if (part.type === 'tool-call') {
      calls.set(part.callId, part);
      made.push(part);
    }
    if (part.type === 'tool-result' && !part.isError) {
      const call = calls.get(part.callId);
      if (call !== undefined) done.push(keyOf(stageInput.parse(call)));
    }
    const lost = part.type === 'text' ? lostIn(part.text, made) : [];
    done = done.filter((key) => !lost.includes(key));
  }
  return new Set(done);
}

/** By the note of a new machine: the last calls that were made, as many as it names. */
function lostIn(note: string, made: readonly ToolCallContent[]): readonly string[] {
  const named = LOST.exec(note)?.[1]?.trim().split('\n').length ?? 0;
  const last = named === 0 ? [] : made.slice(-named);
  return last.filter(({ name }) => ON_DISK.has(name)).map((call) => keyOf(stageInput.parse(call)));
}

function keyOf({ name, input }: Stage): string {
  return `${name} ${JSON.stringify(input)}`;
}

/** How often the conversation holds the words. */
export function timesSaid(bodies: readonly string[], words: string): number {
  return bodies.filter((body) => body.includes(words)).length;
}
