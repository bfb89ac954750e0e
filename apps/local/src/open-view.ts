import { jsonLines, LiveView, transcript, typedLines } from '@swe/adapter-local/terminal';
import type { TaskRun } from '@swe/application/local';
import type { AgentObserver } from '@swe/domain';
import type { Interrupts } from '@swe/runtime';
import { readCosts } from '@swe/wiring/models';
import type { Config, Program } from './program';

export type View = Awaited<ReturnType<typeof openView>>;

/** Where a person, or a script, watches the work and speaks to it. */
export async function openView(
  { screen, input, clock, out, columns, interrupt }: Program,
  { colour, draws, modelAccess }: Config,
  json: boolean,
  interrupts: Interrupts,
) {
  const live = draws && !json ? new LiveView({ screen, input, clock, colour, interrupt }) : undefined;
  const close = (): void => live?.[Symbol.dispose]();
  interrupts.beforeQuit(async () => close());
  const costOf = await readCosts(modelAccess);
  const print = json ? jsonLines(out) : transcript({ write: out, columns, colour, clock, costOf });
  const observe: AgentObserver = (event) => {
    print(event);
    live?.observe(event);
  };
  const listen: TaskRun['listen'] = live?.listen ?? ((listener) => typedLines(input, listener));
  return { observe, ...(input.isTTY && { listen }), [Symbol.dispose]: close };
}
