import type { AssistantContent, ToolResultContent, UserContent } from './content';

/**
 * One message of a request to a model. Roles alternate, the first is `user`, and the `user` message after an
 * `assistant` message with tool calls starts with exactly one result per call: providers refuse anything else.
 */
export type ModelMessage =
  | { readonly role: 'user'; readonly content: readonly (UserContent | ToolResultContent)[] }
  | { readonly role: 'assistant'; readonly content: readonly AssistantContent[] };
