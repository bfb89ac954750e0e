import type { ContentBlock, Message } from '@aws-sdk/client-bedrock-runtime';
import { HARNESS_NOTE } from '@swe/domain';
import type { ModelMessage } from '@swe/domain';
import { CACHE_POINT } from './cache-point';
import { toAssistantBlocks } from './to-assistant-blocks';
import { createUserBlocks } from './to-user-blocks';

export interface MessageOptions {
  /** Under this name reasoning is kept and given back. */
  readonly provider: string;
  /** So many messages, counted from the first, go out without reasoning. */
  readonly unreasoned: number;
  readonly marksMessages: boolean;
}

/** With the tools' point and the system's, these are the four that Bedrock allows. */
const MARKED_MESSAGES = 2;

/**
 * The conversation as Bedrock wants it: roles alternate, none is empty, the person has the last word. Cache points end
 * the last two messages of the person's side: the one before last is where the previous call wrote its cache, the last
 * where this one does.
 */
export function toMessages(
  messages: readonly ModelMessage[],
  { provider, unreasoned, marksMessages }: MessageOptions,
): Message[] {
  const users = createUserBlocks();
  const merged: { readonly role: Message['role']; readonly content: ContentBlock[] }[] = [];
  for (const [i, message] of messages.entries()) {
    const content =
      message.role === 'user'
        ? users.ofMessage(message.content)
        : toAssistantBlocks(message.content, i < unreasoned ? undefined : provider);
    const last = merged.at(-1);
    if (last?.role === message.role) last.content.push(...content);
    else if (content.length > 0) merged.push({ role: message.role, content: [...content] });
  }
  if (merged.at(-1)?.role === 'assistant') {
    merged.push({ role: 'user', content: [{ text: `${HARNESS_NOTE} Go on.` }] });
  }
  if (marksMessages) {
    const ofUser = merged.filter(({ role }) => role === 'user');
    for (const { content } of ofUser.slice(-MARKED_MESSAGES)) content.push(CACHE_POINT);
  }
  return merged;
}
