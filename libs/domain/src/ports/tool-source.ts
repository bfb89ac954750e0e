import type { TextContent } from '../conversation/content';
import type { JsonObject } from '../json';

/** A tool of a program that is not ours. */
export interface OutsideTool {
  /** What the configuration calls the program. */
  readonly server: string;
  /** What the program calls the tool. */
  readonly name: string;
  readonly description: string;
  /** As the server gave it: a JSON Schema, or what it takes for one. */
  readonly inputSchema: JsonObject;
  /** Its server says that it changes nothing. */
  readonly readsOnly: boolean;
}

export interface ToolListing {
  readonly tools: readonly OutsideTool[];
  /** What can't be used, and why: a server, or tools of one. */
  readonly troubles: readonly ServerTrouble[];
}

export interface ServerTrouble {
  readonly server: string;
  readonly reason: string;
}

export interface OutsideCall {
  readonly server: string;
  readonly tool: string;
  readonly input: JsonObject;
}

/** Bytes that a tool gave: a picture, a sound, a resource. `declaredAs` is what its server says they are. */
export interface OutsideFile {
  readonly type: 'file';
  readonly name: string;
  readonly declaredAs: string | undefined;
  readonly bytes: Uint8Array;
}

export interface OutsideResult {
  readonly content: readonly (TextContent | OutsideFile)[];
  readonly isError: boolean;
}

/**
 * The tools of tool servers: programs that somebody configured. Nothing rejects: whatever becomes of a server is a
 * result.
 *
 * - `list` gives the tools of every server, by server and then by name
 * - a server that is not up by its start deadline is told as a trouble, and the tools of the others are listed
 * - a call gives what the tool gave, and whether that is an error
 * - a call of an unknown server or tool is an error
 * - a call without an answer by its deadline is an error, and its server is told
 * - progress moves the deadline of a call
 * - an abort ends a call, and its server is told
 * - a server that dies in a call makes that an error, and is started again for a later one
 * - a server that keeps dying is started less and less often
 * - tools that changed while others are called are listed the next time
 * - an answer that is too large is an error
 */
export interface ToolSource {
  list(signal: AbortSignal): Promise<ToolListing>;
  call(call: OutsideCall, signal: AbortSignal): Promise<OutsideResult>;
}
