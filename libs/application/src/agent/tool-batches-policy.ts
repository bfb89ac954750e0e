import type { ToolCallContent } from '@swe/domain';

/**
 * The order in which one step's tool calls run: each batch after the one before, the calls of a batch at once.
 * Neighbouring reads share a batch; everything else is alone in its own. Batches joined give the calls in order.
 */
export function toolBatches(
  calls: readonly ToolCallContent[],
  accessOf: (call: ToolCallContent) => 'reads' | 'acts',
): readonly (readonly ToolCallContent[])[] {
  const batches: ToolCallContent[][] = [];
  let reads: ToolCallContent[] | undefined;
  for (const call of calls) {
    if (accessOf(call) === 'acts') {
      batches.push([call]);
      reads = undefined;
    } else if (reads === undefined) {
      reads = [call];
      batches.push(reads);
    } else {
      reads.push(call);
    }
  }
  return batches;
}
