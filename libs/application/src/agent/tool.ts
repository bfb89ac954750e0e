import { z } from 'zod';
import { HARNESS_NOTE, isFault, text } from '@swe/domain';
import type {
  AwaitedChecks,
  JsonObject,
  JsonValue,
  OutboxAttachment,
  RanCommand,
  Session,
  SessionChange,
  ToolSpec,
  UserContent,
} from '@swe/domain';
import type { WorkRecord } from './work-record';

/** What a tool gave. `post` is Markdown for the person; it is stored by the same write as the result. */
export interface ToolOutput {
  readonly content: readonly UserContent[];
  readonly isError?: boolean;
  readonly ran?: RanCommand;
  readonly post?: string;
  /** Goes with `post`. */
  readonly attachment?: OutboxAttachment;
  /** Answers to `post` that may be clicked. */
  readonly choices?: readonly string[];
  /** The post is a question: the turn ends here and the person's answer starts the next one. */
  readonly asksBack?: boolean;
  readonly session?: SessionChange;
  /** Places of the workspace that it looked at or changed: the rules that hold there come with the result. */
  readonly touched?: readonly string[];
  /**
   * What this stands for takes long, and nothing is to be held for it: the turn is put down without a result of this
   * call, and later `resume` is asked for one. What else is here is the result where a turn can't be put down.
   */
  readonly wait?: LongWait;
}

/** What a turn that is put down goes on at: a time (Unix milliseconds), or any message before. */
export interface LongWait {
  readonly untilMs: number;
  /** What for, in words. */
  readonly reason: string;
  readonly checks?: AwaitedChecks;
}

export interface ToolContext {
  readonly callId: string;
  /** As it stands now. */
  readonly session: Session;
  /** Whose words the agent has taken up in it. */
  readonly people: readonly string[];
  /** As it stands now, what this answer's earlier calls did included. */
  readonly record: Pick<WorkRecord, 'checks' | 'isRepair'>;
  /** What an earlier call of the session gave, all of it; undefined for one that gave nothing. */
  resultOf(callId: string): readonly UserContent[] | undefined;
  /** Aborts when the turn is stopped; the tool then has a moment to end what it started. */
  readonly signal: AbortSignal;
  /** Aborts when somebody has said something: it is read at the next step, which a tool that only waits lets come. */
  readonly wordsArrive: AbortSignal;
  /** When this call began, also if that was on a machine before. Unix milliseconds. */
  readonly startedAtMs: number;
  /**
   * Does something that people outside can see. The intention is journalled before `act` runs and its receipt
   * after, so that a successor knows to look before it acts again.
   */
  effect<R extends JsonValue>(effectKey: string, what: string, act: () => Promise<R>): Promise<R>;
}

/** Something a model can do. `reads` changes nothing and may run beside other reads; `acts` runs alone, in order. */
export interface Tool {
  readonly spec: ToolSpec;
  readonly access: 'reads' | 'acts';
  /** Never throws: bad input and failure are results that the model can read. */
  call(input: JsonValue, context: ToolContext): Promise<ToolOutput>;
  /** Stands for a `call` whose process died: does it again where that does no harm, else tells what is known. */
  resume(input: JsonValue, context: ToolContext): Promise<ToolOutput>;
}

export interface ToolDefinition<Input extends z.ZodObject> {
  readonly name: string;
  readonly description: string;
  readonly access: Tool['access'];
  readonly input: Input;
  run(input: z.infer<Input>, context: ToolContext): Promise<ToolOutput>;
  /**
   * `repeat`: doing it again changes nothing, or it looks first whether it is done. Default: `repeat` for what only
   * reads, otherwise the model is told that nobody knows how far it came.
   */
  readonly resume?: 'repeat' | ToolDefinition<Input>['run'];
}

export function defineTool<Input extends z.ZodObject>(definition: ToolDefinition<Input>): Tool {
  const { name, description, access, input: schema, run } = definition;
  const { resume = access === 'reads' ? 'repeat' : tellInterrupted } = definition;
  const parsing =
    (work: ToolDefinition<Input>['run']): Tool['call'] =>
    async (input, context) => {
      const parsed = schema.safeParse(input);
      if (!parsed.success)
        return failed(`The input of ${name} is not valid.\n${z.prettifyError(parsed.error)}`);
      try {
        return await work(parsed.data, context);
      } catch (error) {
        return failed(messageOf(error));
      }
    };
  return {
    spec: { name, description, inputSchema: jsonSchemaOf(schema) },
    access,
    call: parsing(run),
    resume: parsing(resume === 'repeat' ? run : resume),
  };
}

export const INTERRUPTED_NOTE = `${HARNESS_NOTE} Interrupted: the machine this ran on went away, and how far it came is not known. It was not run again.`;

async function tellInterrupted(): Promise<ToolOutput> {
  return failed(INTERRUPTED_NOTE);
}

export const said = (message: string): ToolOutput => ({ content: [text(message)] });
export const failed = (message: string): ToolOutput => ({ content: [text(message)], isError: true });

function messageOf(error: unknown): string {
  if (isFault(error)) return error.message;
  return `Unexpected failure: ${Error.isError(error) ? error.message : String(error)}`;
}

function jsonSchemaOf(schema: z.ZodObject): JsonObject {
  const { $schema: _dialect, ...rest } = z.toJSONSchema(schema, { io: 'input', override: withoutTheObvious });
  return rest as JsonObject;
}

/** Every step of every session pays for the schemas; these are checked all the same. */
function withoutTheObvious({ jsonSchema }: { readonly jsonSchema: z.core.JSONSchema.BaseSchema }): void {
  if (jsonSchema.minLength === 1) delete jsonSchema.minLength;
  if (jsonSchema.maximum === Number.MAX_SAFE_INTEGER) delete jsonSchema.maximum;
  if (jsonSchema.minimum === Number.MIN_SAFE_INTEGER) delete jsonSchema.minimum;
}
