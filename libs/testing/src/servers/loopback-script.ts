import type { JsonObject, Usage } from '@swe/domain';

export interface LoopbackCall {
  readonly name: string;
  readonly input?: JsonObject;
  /** The input as it is streamed, piece by piece, instead of `input`: also what is not JSON. */
  readonly pieces?: readonly string[];
  /** Made up when absent; `null` leaves it out, as some servers do. */
  readonly id?: string | null;
  /** Sends the input as an object instead of as text, as some OpenAI-compatible servers do. */
  readonly asObject?: true;
}

export interface LoopbackReasoning {
  /** What may be shown; empty when the vendor hides it. */
  readonly text: string;
  /** What the vendor needs back: Anthropic's signature, OpenAI's encrypted content. */
  readonly seal?: string;
  /** Anthropic only: the whole block is encrypted, as `seal`. */
  readonly redacted?: true;
}

/** An answer, streamed in this order: reasoning, words, calls. */
export interface LoopbackAnswer {
  readonly id?: string;
  readonly reasoning?: readonly LoopbackReasoning[];
  /** One event per item, one per word when it is a string. */
  readonly say?: string | readonly string[];
  readonly calls?: readonly LoopbackCall[];
  /** OpenAI's Responses API only: what the words are. */
  readonly phase?: 'commentary' | 'final_answer';
  /** `null` when the server doesn't report it. */
  readonly usage?: Partial<Usage> | null;
  /** In the vendor's own words; follows from the calls when absent. */
  readonly stop?: string;
  /**
   * - `complete`: as documented
   * - `unmarked`: leaves out what marks the end, and closes the stream in order
   * - `cut`: the connection breaks in the middle of the last block
   * - `error`: the vendor's error event in the middle of the last block
   * - `hang`: says its words and then nothing more; without any it doesn't even begin to answer
   */
  readonly ending?: 'complete' | 'unmarked' | 'cut' | 'error' | 'hang';
}

/** An answer that isn't one: an HTTP status with the vendor's error body. */
export interface LoopbackRefusal {
  readonly status: number;
  readonly error: { readonly type: string; readonly message: string; readonly code?: string | number };
  readonly headers?: Readonly<Record<string, string>>;
}

export type LoopbackTurn = LoopbackAnswer | LoopbackRefusal;

export interface LoopbackRequest {
  readonly path: string;
  readonly headers: Readonly<Record<string, string | undefined>>;
  readonly body: JsonObject;
}

/** What to answer, in order, or by request. A list that has run dry answers 500. */
export type LoopbackScript =
  readonly LoopbackTurn[] | ((request: LoopbackRequest) => LoopbackTurn | Promise<LoopbackTurn>);

export function isSilence({ say, calls, reasoning, ending }: LoopbackAnswer): boolean {
  return ending === 'hang' && say === undefined && calls === undefined && reasoning === undefined;
}

export function isRefusal(turn: LoopbackTurn): turn is LoopbackRefusal {
  return 'status' in turn;
}

/** What is streamed of a call's input. */
export function piecesOf({ pieces, input }: LoopbackCall): readonly string[] {
  if (pieces !== undefined) return pieces;
  const written = JSON.stringify(input ?? {});
  const middle = Math.ceil(written.length / 2);
  return [written.slice(0, middle), written.slice(middle)];
}

export function wordsOf({ say = [] }: LoopbackAnswer): readonly string[] {
  return typeof say === 'string' ? (say.match(/\S+\s*|\s+/g) ?? []) : say;
}
