import type { JournalEntryOf, JsonValue, LoadedRule } from '@swe/domain';
import type { RuleLoader } from '../../agent/knowledge/rule-loader';
import type { LongWait, Tool, ToolContext, ToolOutput } from '../../agent/tool';
import type { Cassette } from './cassette';

/** A call that the session waits for. */
export interface WaitingCall {
  readonly name: string;
  readonly input: JsonValue;
  readonly context: ToolContext;
  finish(output: ToolOutput): void;
}

/** Tools as models see them, which do nothing: what they gave comes from whoever has recorded it. */
export interface ReplayTools {
  readonly tools: readonly Tool[];
  readonly loadRules: RuleLoader;
  readonly waiting: ReadonlyMap<string, WaitingCall>;
  finish(entry: JournalEntryOf<'tool-finished'>): void;
  /** All calls under way wait for long. */
  wait(until: LongWait): void;
  beginEffect(entry: JournalEntryOf<'effect-intended'>): void;
  finishEffect(entry: JournalEntryOf<'effect-done'>): void;
}

export function replayTools(real: readonly Tool[], { session, journal, toolPosts }: Cassette): ReplayTools {
  const waiting = new Map<string, WaitingCall>();
  const receipts = new Map<string, (receipt: JsonValue) => void>();
  const rules = new Map<string, readonly LoadedRule[]>();
  const questions = new Set(
    journal.flatMap((entry) =>
      entry.kind === 'state-changed' && entry.outcome?.kind === 'answered' && entry.outcome.asksBack === true
        ? [entry.outcome.replyKey]
        : [],
    ),
  );

  function replayed({ spec, access }: Pick<Tool, 'spec' | 'access'>): Tool {
    const call: Tool['call'] = (input, context) =>
      new Promise((finish) => {
        waiting.set(context.callId, { name: spec.name, input, context, finish });
      });
    return { spec, access, call, resume: call };
  }

  function take(callId: string): WaitingCall | undefined {
    const call = waiting.get(callId);
    waiting.delete(callId);
    return call;
  }

  /** It is not journalled which pull request a call has opened: its result names it. */
  function opened(call: WaitingCall, entry: JournalEntryOf<'tool-finished'>): Pick<ToolOutput, 'session'> {
    if (entry.name !== 'open_pull_request' || entry.isError) return {};
    const words = JSON.stringify(entry.content);
    const named = session.pullRequests.filter(({ url }) => words.includes(url));
    const others = call.context.session.pullRequests.filter(
      (each) => !named.some(({ url }) => url === each.url),
    );
    return named.length === 0 ? {} : { session: { pullRequests: [...others, ...named] } };
  }

  return {
    tools: [...real, ...standIns(journal)].map(replayed),
    loadRules: async (touched) => touched.flatMap((callId) => rules.get(callId) ?? []),
    waiting,
    finish(entry) {
      const call = take(entry.callId);
      if (call === undefined) return;
      const { callId, content, isError, ran } = entry;
      const post = toolPosts[callId];
      if (entry.rules !== undefined) rules.set(callId, entry.rules);
      call.finish({
        content,
        isError,
        ...(ran !== undefined && { ran }),
        ...(entry.rules !== undefined && { touched: [callId] }),
        ...(post !== undefined && {
          post: post.body,
          ...(post.attachment !== undefined && { attachment: post.attachment }),
          ...(post.choices !== undefined && { choices: post.choices }),
          ...(questions.has(post.effectKey) && { asksBack: true }),
        }),
        ...opened(call, entry),
      });
    },
    wait(until) {
      for (const callId of [...waiting.keys()]) take(callId)?.finish({ content: [], wait: until });
    },
    beginEffect({ effectKey, what }) {
      const call = [...waiting.values()].at(-1);
      const act = (): Promise<JsonValue> => new Promise((resolve) => receipts.set(effectKey, resolve));
      // What was stopped first is told by the journal.
      call?.context.effect(effectKey, what, act).catch(() => undefined);
    },
    finishEffect({ effectKey, receipt }) {
      receipts.get(effectKey)?.(receipt);
    },
  };
}

/**
 * For tools of tool servers: how those described them is not journalled, so models of a replay see their names alone.
 * Those that were begun beside another only read.
 */
function standIns(journal: Cassette['journal']): readonly Pick<Tool, 'spec' | 'access'>[] {
  const accesses = new Map<string, Tool['access']>();
  for (const [at, entry] of journal.entries()) {
    if (entry.kind !== 'tool-started' || !entry.name.startsWith('mcp_')) continue;
    const isBeside = [journal[at - 1], journal[at + 1]].some((next) => next?.kind === 'tool-started');
    accesses.set(entry.name, isBeside ? 'reads' : (accesses.get(entry.name) ?? 'acts'));
  }
  return [...accesses].map(([name, access]) => ({
    spec: { name, description: '', inputSchema: { type: 'object' } },
    access,
  }));
}
