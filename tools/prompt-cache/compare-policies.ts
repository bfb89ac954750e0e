import type { ModelMessage } from '@swe/domain';
import { cacheVerdict } from './cache-gate';
import { recordSession } from './record-session';
import type { RecordingOptions, Vendor } from './record-session';

/** What a session's requests come to under one way to keep its conversation short. */
export interface PolicyRow {
  readonly policy: 'no cache' | 'moving window' | 'compaction';
  readonly requestMegabytes: number;
  /** In thousands, at the base price of input. */
  readonly baseKiloTokens: number;
  readonly readShare: number;
}

const WINDOW_BYTES = 400_000;
/** Its conversations are made shorter from 100,000 tokens on, which are as many bytes. */
const CONTEXT_TOKENS = 144_000;

/**
 * The same session as it is run, the same without any cache, and with a window that moves: each request has the task and
 * as many of the last steps as fit, and nothing in the journal says so.
 */
export async function comparePolicies(
  vendor: Vendor,
  steps: RecordingOptions['steps'],
): Promise<readonly PolicyRow[]> {
  const ours = await recordSession(vendor, { steps, contextTokens: CONTEXT_TOKENS });
  const moving = await recordSession(vendor, {
    steps,
    tamper: (request) => ({ ...request, messages: lastOf(request.messages) }),
  });
  const row = (policy: PolicyRow['policy'], { calls, entries }: typeof ours): PolicyRow => {
    const { baseTokens, readShare } = cacheVerdict({ calls, entries });
    return {
      policy,
      requestMegabytes: calls.reduce((sum, { bytes }) => sum + bytes, 0) / 1e6,
      baseKiloTokens: Math.round(baseTokens / 1_000),
      readShare,
    };
  };
  const uncached = ours.calls.map((call) => {
    const { inputTokens, outputTokens, cacheReadTokens, cacheWriteTokens } = call.usage;
    const all = inputTokens + cacheReadTokens + cacheWriteTokens;
    return { ...call, usage: { inputTokens: all, outputTokens, cacheReadTokens: 0, cacheWriteTokens: 0 } };
  });
  return [
    row('no cache', { ...ours, calls: uncached }),
    row('moving window', moving),
    row('compaction', ours),
  ];
}

/** The task, and the last steps that fit behind it: an answer and its results each. */
function lastOf([task, ...steps]: readonly ModelMessage[]): readonly ModelMessage[] {
  if (task === undefined) return [];
  let from = steps.length;
  for (let bytes = 0; from > 0; from -= 2) {
    bytes += JSON.stringify(steps.slice(from - 2, from)).length;
    if (bytes > WINDOW_BYTES) break;
  }
  return [task, ...steps.slice(from)];
}
