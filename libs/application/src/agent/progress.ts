import { toolCallsOf } from '@swe/domain';
import type { NewJournalEntry, ToolCallContent, Usage } from '@swe/domain';
import { planOf } from '../tools/todo';
import type { TodoItem } from '../tools/todo';

/** A model call; without usage when the provider did not report it. */
export interface ModelUse {
  readonly model: string;
  readonly usage?: Usage;
}

/** What a session's journal tells of its work, for people to follow. */
export interface Progress {
  /** As it was last written down, until all of it is done and there is something new to do. */
  readonly plan: readonly TodoItem[];
  /** Tool calls under way, in the order in which they began. */
  readonly running: readonly ToolCallContent[];
  readonly modelUses: readonly ModelUse[];
  /** How long the turn has taken, or took when it is over; 0 before the first. */
  elapsedMs(nowMs: number): number;
}

/** The progress that entries add up to, one by one. */
export interface GrowingProgress extends Progress {
  add(entry: NewJournalEntry): void;
}

export function createProgress(): GrowingProgress {
  let plan: readonly TodoItem[] = [];
  let asked = new Map<string, ToolCallContent>();
  const running = new Map<string, ToolCallContent>();
  const modelUses: ModelUse[] = [];
  let turn: { readonly fromMs: number; readonly toMs?: number } | undefined;

  return {
    get plan() {
      return plan;
    },
    get running() {
      return [...running.values()];
    },
    modelUses,
    elapsedMs: (nowMs) => (turn === undefined ? 0 : Math.max(0, (turn.toMs ?? nowMs) - turn.fromMs)),
    add(entry) {
      switch (entry.kind) {
        case 'message-admitted':
          if (turn !== undefined && turn.toMs === undefined) return;
          turn = { fromMs: entry.atMs };
          if (plan.every(({ status }) => status === 'done')) plan = [];
          return;
        case 'model-call-finished': {
          const { model, usage } = entry;
          modelUses.push({ model, ...(usage !== undefined && { usage }) });
          if (entry.purpose !== undefined) return;
          asked = new Map(toolCallsOf(entry.content).map((call) => [call.callId, call]));
          return;
        }
        case 'tool-started': {
          const call = asked.get(entry.callId);
          if (call !== undefined) running.set(entry.callId, call);
          return;
        }
        case 'tool-finished': {
          const call = asked.get(entry.callId);
          running.delete(entry.callId);
          if (call !== undefined && !entry.isError) plan = planOf(call) ?? plan;
          return;
        }
        case 'state-changed':
          if (entry.outcome === undefined || turn === undefined) return;
          turn = { ...turn, toMs: entry.atMs };
          running.clear();
      }
    },
  };
}
