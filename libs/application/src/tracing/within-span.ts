import { isFault } from '@swe/domain';
import type { Span } from '@swe/domain';

/** Does `work` as what `span` is of, and ends it. */
export async function withinSpan<T>(span: Span, work: () => Promise<T>): Promise<T> {
  try {
    const result = await work();
    span.end();
    return result;
  } catch (error) {
    span.end(isFault(error) ? error.kind : 'bug');
    throw error;
  }
}
