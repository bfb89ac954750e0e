import { z } from 'zod';
import { isFault, text } from '@swe/domain';
import type { Processes, RunResult } from '@swe/domain';
import { defineTool } from '../agent/tool';
import type { Tool } from '../agent/tool';
import { endText, outputText, succeeded } from './run-report';

const DEFAULT_TIMEOUT_S = 120;
const MAX_TIMEOUT_S = 1_800;
const PREVIEW_BYTES = 16_384;

/**
 * Runs a bash script in the workspace. The working directory carries over to the next call, nothing else does.
 * Limits: 120 s unless asked, at most 30 minutes; 16 KB of output, the rest in a file that `read_file` reads.
 */
export function bash(processes: Pick<Processes, 'run'>, workspaceRoot: string): Tool {
  let cwd = workspaceRoot;

  async function runIn(
    directory: string,
    script: string,
    timeoutS: number,
    signal: AbortSignal,
  ): Promise<RunResult> {
    return processes.run(
      { command: { script }, cwd: directory, timeoutMs: timeoutS * 1000, previewBytes: PREVIEW_BYTES },
      signal,
    );
  }

  return defineTool({
    name: 'bash',
    description:
      'Run a bash script in the workspace. The working directory is kept between calls; variables and processes are not: everything the script started ends with it. Output above 16 KB is shortened in the middle and kept in a file. No input is possible: pass flags that avoid questions.',
    access: 'acts',
    input: z.object({
      command: z.string().min(1).describe('The script.'),
      timeoutSeconds: z
        .int()
        .min(1)
        .max(MAX_TIMEOUT_S)
        .optional()
        .describe(`Default ${DEFAULT_TIMEOUT_S}, at most ${MAX_TIMEOUT_S}.`),
    }),
    async run({ command, timeoutSeconds = DEFAULT_TIMEOUT_S }, { signal }) {
      const notes: string[] = [];
      let result: RunResult;
      try {
        result = await runIn(cwd, command, timeoutSeconds, signal);
      } catch (error) {
        if (!isFault(error, 'missing', 'denied', 'invalid') || cwd === workspaceRoot) throw error;
        notes.push(`[${cwd} is gone; this ran in ${workspaceRoot}]`);
        cwd = workspaceRoot;
        result = await runIn(cwd, command, timeoutSeconds, signal);
      }
      const startedIn = cwd;
      const inside = result.cwd === workspaceRoot || result.cwd.startsWith(`${workspaceRoot}/`);
      if (inside) cwd = result.cwd;
      else notes.push(`[${result.cwd} is outside the workspace; the next command starts in ${cwd} again]`);
      const lines = [...notes, outputText(result.output), endText(result)];
      if (cwd !== startedIn) lines.push(`[working directory: ${cwd}]`);
      return {
        content: [text(lines.join('\n'))],
        isError: !succeeded(result),
        ran: { command, cwd: startedIn, exitCode: result.exitCode },
      };
    },
  });
}
