import { z } from 'zod';
import type { Clock, OutputChunk, ProcessState } from '@swe/domain';
import { defineTool, said } from '../agent/tool';
import type { Tool } from '../agent/tool';
import type { BackgroundProcesses } from './background-processes';

const MAX_WAIT_S = 60;
const POLL_MS = 250;

/**
 * Reads what a background process printed since the last time. A tool of its own, as are input and kill: models fill
 * in a small schema better than one with a mode. Limits: 16 KB at a time, waits of 60 s, looked after every 250 ms.
 */
export function processOutput(background: BackgroundProcesses, clock: Clock): Tool {
  async function readAfter(handle: string, waitMs: number, signal: AbortSignal): Promise<OutputChunk> {
    const untilMs = clock.monotonicMs() + waitMs;
    for (;;) {
      const chunk = await background.read(handle);
      const leftMs = untilMs - clock.monotonicMs();
      if (chunk.text !== '' || !chunk.state.running || leftMs <= 0 || signal.aborted) return chunk;
      await clock.sleep(Math.min(POLL_MS, leftMs), signal);
    }
  }

  return defineTool({
    name: 'process_output',
    description:
      'Read what a background process printed since your last read, at most 16 KB, and whether it still runs.',
    access: 'acts',
    input: z.object({
      handle: z.string().min(1).describe('From bash.'),
      waitSeconds: z
        .int()
        .min(0)
        .max(MAX_WAIT_S)
        .optional()
        .describe('How long to wait for new output or its end. Default 0.'),
    }),
    async run({ handle, waitSeconds = 0 }, { signal }) {
      const { text, state } = await readAfter(handle, waitSeconds * 1000, signal);
      const lines = [text === '' ? '(no new output)' : text, `[${handle} ${stateText(state)}]`];
      return said([...lines, await background.listing()].filter((line) => line !== '').join('\n'));
    },
  });
}

function stateText({ running, exitCode, signal }: ProcessState): string {
  if (running) return 'is running';
  return exitCode === null ? `was ended by ${signal}` : `ended with exit code ${exitCode}`;
}
