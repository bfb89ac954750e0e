import { z } from 'zod';
import { noUsage } from '@swe/domain';
import type {
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

/** A whole job, from the clone to the pull request; one step each. */
const STAGES: readonly (readonly Stage[])[] = [
  [{ name: 'clone_repository', input: { repository: REPOSITORY } }],
  [
    { name: 'read_file', input: { path: 'shop/README' } },
    { name: 'list_files', input: { path: 'shop' } },
  ],
  [{ name: 'report_progress', input: { message: 'I have read the code.' } }],
  [{ name: 'write_file', input: { path: 'shop/price.js', content: 'export const price = 4;\n' } }],
  [{ name: 'bash', input: { command: 'npm test' } }],
  [{ name: 'bash', input: { command: 'git commit --all --message="Fix the price"' } }],
  [
    {
      name: 'open_pull_request',
      input: { directory: 'shop', title: 'Fix the price', body: 'It was wrong.' },
    },
  ],
];

const stageInput = z.object({ name: z.string(), input: z.record(z.string(), z.json()) });

/**
 * A model that does the job by what the conversation says is done, so that whoever asks it, and however often, gets
 * the same answer. It refuses a transcript as a provider would, and tells `onRefused`.
 */
export function jobModel(onRefused: (problem: string) => void): LanguageModel {
  return {
    id: 'scripted/job',
    async *stream(request: ModelRequest): AsyncIterable<ModelEvent> {
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
      const next = STAGES.find((stage) => stage.some((each) => !done.has(keyOf(each))));
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

/** The calls that have a good result. */
function doneIn(messages: readonly ModelMessage[]): ReadonlySet<string> {
  const calls = new Map<string, ToolCallContent>();
  const done = new Set<string>();
  for (const part of messages.flatMap(({ content }) => [...content])) {
    if (part.type === 'tool-call') calls.set(part.callId, part);
    if (part.type !== 'tool-result' || part.isError) continue;
    const call = calls.get(part.callId);
    if (call !== undefined) done.add(keyOf(stageInput.parse(call)));
  }
  return done;
}

function keyOf({ name, input }: Stage): string {
  return `${name} ${JSON.stringify(input)}`;
}

/** How often the conversation holds the words. */
export function timesSaid(bodies: readonly string[], words: string): number {
  return bodies.filter((body) => body.includes(words)).length;
}
