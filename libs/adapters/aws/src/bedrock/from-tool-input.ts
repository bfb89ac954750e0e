import type { JsonValue, ToolCallContent } from '@swe/domain';

/** No arguments at all is how some models write `{}`. */
export function fromToolInput(written: string): Pick<ToolCallContent, 'input' | 'malformedInput'> {
  if (written.trim() === '') return { input: {} };
  try {
    return { input: (JSON.parse(written) as JsonValue) ?? {} };
  } catch {
    return { input: {}, malformedInput: written };
  }
}
