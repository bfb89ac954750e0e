import type { ModelMessage } from '@swe/domain';

/**
 * Why a provider would refuse this conversation; undefined when it would not. The rules that all of them share: roles
 * take turns from the user on, nothing is empty, and each tool call has exactly one result, first thing in the next
 * message (https://docs.aws.amazon.com/bedrock/latest/userguide/tool-use-inference-call.html).
 */
export function transcriptProblem(messages: readonly ModelMessage[]): string | undefined {
  const seen = new Set<string>();
  for (const [index, message] of messages.entries()) {
    const role = index % 2 === 0 ? 'user' : 'assistant';
    if (message.role !== role) return `message ${index} is by ${message.role}, not ${role}`;
    if (message.content.length === 0) return `message ${index} is empty`;
    const calls = message.content.flatMap((part) => (part.type === 'tool-call' ? [part.callId] : []));
    const again = calls.find((callId) => seen.has(callId));
    if (again !== undefined) return `tool call ${again} is made twice`;
    calls.forEach((callId) => seen.add(callId));
    const before = index === 0 ? [] : callsOf(messages[index - 1]);
    const results = message.content.flatMap((part) => (part.type === 'tool-result' ? [part.callId] : []));
    if (results.join() !== before.join()) {
      return `message ${index} answers the calls [${results.join()}], not [${before.join()}]`;
    }
  }
  const open = callsOf(messages.at(-1));
  return open.length === 0 ? undefined : `the calls [${open.join()}] have no result`;
}

function callsOf(message: ModelMessage | undefined): readonly string[] {
  return (message?.content ?? []).flatMap((part) => (part.type === 'tool-call' ? [part.callId] : []));
}
