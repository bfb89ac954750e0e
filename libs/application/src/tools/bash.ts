import { z } from 'zod';
import { checksOfCommand, isFault, placesOf, swapsFiles, text } from '@swe/domain';
import type { Processes, RanCommand, Workspace } from '@swe/domain';
import { defineTool, failed, INTERRUPTED_NOTE, said } from '../agent/tool';
import type { Tool, ToolOutput } from '../agent/tool';
import type { BackgroundProcesses } from './background-processes';
import { measureTree } from './measure-tree';
import { endText, inBrief, outputText, succeeded } from './run-report';

const DEFAULT_TIMEOUT_S = 120;
const MAX_TIMEOUT_S = 1_800;
/** Of an output that is shown as it is. */
const PREVIEW_BYTES = 8_192;

type Content = Pick<RanCommand, 'workingCopy' | 'tree'>;

/**
 * Runs a bash script in the workspace. The working directory carries over to the next call, nothing else does.
 * Limits: 120 s unless asked, at most 30 minutes; 8 KB of output, of more the beginning and the end, and all of it in a file that `read_file` reads. With
 * `background` it starts the script, without a limit, and gives its handle: one more option here, since how a script
 * is written stays the same, while all that can be done with a handle are tools of their own.
 */
export function bash(
  processes: Pick<Processes, 'run' | 'spoolDirectory'>,
  background: BackgroundProcesses,
  workspace: Pick<Workspace, 'root' | 'read'>,
): Tool {
  const workspaceRoot = workspace.root;
  let cwd = workspaceRoot;

  /** `work` in the working directory, or in the workspace when that is gone; with what there is to say about it. */
  async function inDirectory<T>(work: (directory: string) => Promise<T>): Promise<[T, string[]]> {
    try {
      return [await work(cwd), []];
    } catch (error) {
      if (!isFault(error, 'missing', 'denied', 'invalid') || cwd === workspaceRoot) throw error;
      const gone = cwd;
      const result = await work(workspaceRoot);
      cwd = workspaceRoot;
      return [result, [`[${gone} is gone; this ran in ${workspaceRoot}]`]];
    }
  }

  async function startInBackground(script: string): Promise<ToolOutput> {
    const [handle, notes] = await inDirectory((directory) => background.start(script, directory));
    const started = `Started as ${handle}. process_output reads what it prints.`;
    return said([...notes, started, await background.listing()].filter(Boolean).join('\n'));
  }

  /** Of a script that holds checks: the working copy of the first one whose folder is known, as it is now. */
  async function measured(script: string, startedIn: string, signal: AbortSignal): Promise<Content> {
    const place = placesOf(checksOfCommand(script), startedIn).find((each) => each !== undefined);
    if (place === undefined || signal.aborted) return {};
    return measureTree(processes, place, signal);
  }

  return defineTool({
    name: 'bash',
    description:
      'Run a bash script in the workspace. The working directory is kept between calls; variables and processes are not: everything the script started ends with it, unless it runs in the background. Output above 8 KB is cut and kept in a file. No input is possible: pass flags that avoid questions.',
    access: 'acts',
    input: z.object({
      command: z.string().min(1).describe('The script.'),
      timeoutSeconds: z.int().min(1).max(MAX_TIMEOUT_S).optional().describe(`Default ${DEFAULT_TIMEOUT_S}.`),
      background: z
        .boolean()
        .optional()
        .describe('Start it and go on: a server, a watcher. Gives a handle; no time limit.'),
    }),
    async resume(_input, { callId }) {
      const path = `${processes.spoolDirectory}/${callId}.log`;
      return failed(`${INTERRUPTED_NOTE}\n${await printedSoFar(workspace, path)}`);
    },
    async run(
      { command, timeoutSeconds = DEFAULT_TIMEOUT_S, background: staysOn = false },
      { callId, signal },
    ) {
      if (staysOn) return startInBackground(command);
      const spec = {
        command: { script: command },
        timeoutMs: timeoutSeconds * 1000,
        previewBytes: PREVIEW_BYTES,
        spoolName: callId,
      };
      const [{ before, result }, notes] = await inDirectory(async (directory) => ({
        before: await measured(command, directory, signal),
        result: await processes.run({ ...spec, cwd: directory }, signal),
      }));
      const startedIn = cwd;
      const inside = result.cwd === workspaceRoot || result.cwd.startsWith(`${workspaceRoot}/`);
      if (inside) cwd = result.cwd;
      else notes.push(`[${result.cwd} is outside the workspace; the next command starts in ${cwd} again]`);
      const lines = [...notes, outputText(inBrief(result.output)), endText(result)];
      if (cwd !== startedIn) lines.push(`[working directory: ${cwd}]`);
      const listing = await background.listing();
      const after = await measured(command, startedIn, signal);
      if (listing !== '') lines.push(listing);
      return {
        content: [text(lines.join('\n'))],
        isError: !succeeded(result),
        touched: [...new Set([startedIn, cwd])],
        ran: {
          command,
          cwd: startedIn,
          exitCode: result.exitCode,
          ...checkedContent(command, startedIn, before, after),
        },
      };
    },
  });
}

/** What a script's checks ran on, without the tree where that may have been another one than it left behind. */
function checkedContent(script: string, startedIn: string, before: Content, after: Content): Content {
  const { tree, ...workingCopy } = { ...before, ...after };
  const isSame = before.workingCopy === after.workingCopy && before.tree === after.tree;
  const isOnePlace = placesOf(checksOfCommand(script), startedIn).length === 1;
  if (tree === undefined || !isSame || !isOnePlace || swapsFiles(script)) return workingCopy;
  return { ...workingCopy, tree };
}

/** What a command had printed when its machine went away: the beginning and the end of it. */
async function printedSoFar(workspace: Pick<Workspace, 'read'>, path: string): Promise<string> {
  const half = PREVIEW_BYTES / 2;
  const part = async (offset: number, length: number): Promise<string> =>
    new TextDecoder().decode((await workspace.read(path, { offset, length })).bytes);
  try {
    const { totalBytes } = await workspace.read(path, { offset: 0, length: 0 });
    if (totalBytes <= PREVIEW_BYTES) return `It had printed:\n${await part(0, totalBytes)}`;
    const [head, tail] = [await part(0, half), await part(totalBytes - half, half)];
    return `It had printed (all of it is in ${path}):\n${head}\n[...]\n${tail}`;
  } catch (error) {
    if (!isFault(error)) throw error;
    return 'Nothing of what it may have printed is left.';
  }
}
