import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { StartProgram } from '@swe/adapter-mcp/tool-source';
import { Fault, toolServersText } from '@swe/domain';
import type { Clock, ToolServer, ToolSource } from '@swe/domain';
import { z } from 'zod';
import { onFirstUse } from './on-first-use';

/** Base64 of the largest file that any model takes, and room around it. */
const MAX_ANSWER_BYTES = 16 * 1024 * 1024;

/** Ours, and the one of the program that began with such files. */
const FILE_NAMES = ['mcp.json', 'claude_desktop_config.json'];

export interface ToolServers {
  /** By their names. */
  readonly servers: ReadonlyMap<string, ToolServer>;
  readSecret(name: string): Promise<string>;
  readonly clock: Clock;
}

/**
 * The servers of the file `path`, or where none is named of the first one that there is in `home`; none where there is
 * no file. One that can't be understood is `invalid`, with what is wrong in it.
 */
export async function readToolServers(
  path: string | undefined,
  home: string,
): Promise<ReadonlyMap<string, ToolServer>> {
  if (path !== undefined) return parsed(path, await readOrThrow(path));
  for (const candidate of FILE_NAMES.map((name) => join(home, name))) {
    const text = await readFile(candidate, 'utf8').catch(nothingThere);
    if (text !== undefined) return parsed(candidate, text);
  }
  return new Map();
}

/** The SDK is loaded when the tools of some server are first asked for. */
export function openToolSource(
  { servers, readSecret, clock }: ToolServers,
  workspaceFolder: string,
  startProgram: StartProgram,
): ToolSource & { close(): Promise<void> } {
  let opened: ReturnType<typeof load> | undefined;
  const options = { servers, readSecret, clock, workspaceFolder, startProgram };
  const load = async () => {
    const { openMcp } = await import('./mcp');
    return openMcp({ ...options, fetch, maxAnswerBytes: MAX_ANSWER_BYTES });
  };
  const source = onFirstUse<ToolSource>(() => (opened ??= load()));
  return {
    list: async (...given) => (servers.size === 0 ? { tools: [], troubles: [] } : source.list(...given)),
    call: (...given) => source.call(...given),
    close: async () => (await opened)?.close(),
  };
}

function parsed(path: string, text: string): ReadonlyMap<string, ToolServer> {
  const { success, data, error } = toolServersText.safeParse(text);
  if (success) return data;
  throw new Fault('invalid', `${path} does not say which tool servers there are:\n${z.prettifyError(error)}`);
}

function readOrThrow(path: string): Promise<string> {
  return readFile(path, 'utf8').catch((cause: unknown) => {
    throw new Fault('invalid', `SWE_MCP_CONFIG: ${path} can't be read.`, { cause });
  });
}

function nothingThere(error: { readonly code?: string }): undefined {
  if (error.code !== 'ENOENT' && error.code !== 'ENOTDIR') throw error;
}
