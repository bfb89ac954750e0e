import { z } from 'zod';
import type { LoopbackRequest } from './loopback-script';

/** One part of what a model was sent, in order, whichever vendor's words it came in. */
export type Part =
  | { readonly kind: 'words'; readonly role: 'user' | 'assistant'; readonly text: string }
  | { readonly kind: 'image'; readonly mediaType: string; readonly data: string }
  | { readonly kind: 'call'; readonly id: string; readonly name: string; readonly input: string }
  | { readonly kind: 'result'; readonly id: string; readonly text: string };

type Role = 'user' | 'assistant';

/** The conversation in a request to Anthropic's Messages API, to Bedrock or to a Chat Completions API. */
export function readConversation({ path, body }: LoopbackRequest): readonly Part[] {
  if (path.startsWith('/model/')) return converseParts(body);
  return path === '/v1/messages' ? messagesParts(body) : chatParts(body);
}

const text = z.object({ type: z.literal('text'), text: z.string() });
const image = z.object({
  type: z.literal('image'),
  source: z.object({ media_type: z.string(), data: z.string() }),
});
const block = z.discriminatedUnion('type', [
  text,
  image,
  z.object({ type: z.literal('tool_use'), id: z.string(), name: z.string(), input: z.unknown() }),
  z.object({
    type: z.literal('tool_result'),
    tool_use_id: z.string(),
    content: z.union([
      z.string().transform((words) => [{ type: 'text' as const, text: words }]),
      z.array(z.discriminatedUnion('type', [text, image])),
    ]),
  }),
]);
const messagesBody = z.object({
  messages: z.array(z.object({ role: z.enum(['user', 'assistant']), content: z.array(block) })),
});

function messagesParts(body: unknown): readonly Part[] {
  const { messages } = messagesBody.parse(body);
  return messages.flatMap(({ role, content }) => content.flatMap((each) => blockParts(each, role)));
}

function blockParts(given: z.infer<typeof block>, role: Role): readonly Part[] {
  switch (given.type) {
    case 'text':
      return [{ kind: 'words', role, text: given.text }];
    case 'image':
      return [{ kind: 'image', mediaType: given.source.media_type, data: given.source.data }];
    case 'tool_use':
      return [{ kind: 'call', id: given.id, name: given.name, input: JSON.stringify(given.input) }];
    case 'tool_result': {
      const words = given.content.flatMap((part) => (part.type === 'text' ? [part.text] : []));
      const images = given.content.filter((part) => part.type === 'image');
      return [
        { kind: 'result', id: given.tool_use_id, text: words.join('\n') },
        ...images.flatMap((part) => blockParts(part, role)),
      ];
    }
  }
}

const converseText = z.object({ text: z.string() });
const converseImage = z.object({
  image: z.object({ format: z.string(), source: z.object({ bytes: z.string() }) }),
});
const converseBlock = z.union([
  converseText,
  converseImage,
  z.object({ toolUse: z.object({ toolUseId: z.string(), name: z.string(), input: z.unknown() }) }),
  z.object({
    toolResult: z.object({
      toolUseId: z.string(),
      content: z.array(z.union([converseText, converseImage])),
    }),
  }),
  z.object({ reasoningContent: z.unknown() }),
  z.object({ cachePoint: z.unknown() }),
]);
const converseBody = z.object({
  messages: z.array(z.object({ role: z.enum(['user', 'assistant']), content: z.array(converseBlock) })),
});

function converseParts(body: unknown): readonly Part[] {
  const { messages } = converseBody.parse(body);
  return messages.flatMap(({ role, content }) => content.flatMap((each) => converseBlockParts(each, role)));
}

function converseBlockParts(given: z.infer<typeof converseBlock>, role: Role): readonly Part[] {
  if ('text' in given) return [{ kind: 'words', role, text: given.text }];
  if ('image' in given) {
    const { format, source } = given.image;
    return [{ kind: 'image', mediaType: `image/${format}`, data: source.bytes }];
  }
  if ('toolUse' in given) {
    const { toolUseId, name, input } = given.toolUse;
    return [{ kind: 'call', id: toolUseId, name, input: JSON.stringify(input) }];
  }
  if (!('toolResult' in given)) return [];
  const { toolUseId, content } = given.toolResult;
  const words = content.flatMap((part) => ('text' in part ? [part.text] : []));
  const images = content.filter((part) => 'image' in part);
  return [
    { kind: 'result', id: toolUseId, text: words.join('\n') },
    ...images.flatMap((part) => converseBlockParts(part, role)),
  ];
}

const chatContent = z.union([
  z.string(),
  z.array(
    z.discriminatedUnion('type', [
      text,
      z.object({ type: z.literal('image_url'), image_url: z.object({ url: z.string() }) }),
    ]),
  ),
]);
type ChatContent = z.infer<typeof chatContent>;
const chatBody = z.object({
  messages: z.array(
    z.discriminatedUnion('role', [
      z.object({ role: z.literal('system'), content: chatContent }),
      z.object({ role: z.literal('user'), content: chatContent }),
      z.object({
        role: z.literal('assistant'),
        content: chatContent.nullish(),
        tool_calls: z
          .array(
            z.object({ id: z.string(), function: z.object({ name: z.string(), arguments: z.string() }) }),
          )
          .default([]),
      }),
      z.object({ role: z.literal('tool'), tool_call_id: z.string(), content: chatContent }),
    ]),
  ),
});

function chatParts(body: unknown): readonly Part[] {
  return chatBody.parse(body).messages.flatMap((message): readonly Part[] => {
    switch (message.role) {
      case 'system':
        return [];
      case 'user':
        return contentParts(message.content, 'user');
      case 'tool':
        return [{ kind: 'result', id: message.tool_call_id, text: wordsIn(message.content) }];
      case 'assistant':
        return [
          ...contentParts(message.content ?? [], 'assistant'),
          ...message.tool_calls.map(({ id, function: { name, arguments: input } }) => {
            return { kind: 'call', id, name, input } as const;
          }),
        ];
    }
  });
}

function contentParts(content: ChatContent, role: Role): readonly Part[] {
  if (typeof content === 'string') return content === '' ? [] : [{ kind: 'words', role, text: content }];
  return content.map((part): Part => {
    if (part.type === 'text') return { kind: 'words', role, text: part.text };
    const [, mediaType = '', data = ''] = /^data:([^;]+);base64,(.*)$/.exec(part.image_url.url) ?? [];
    return { kind: 'image', mediaType, data };
  });
}

function wordsIn(content: ChatContent): string {
  return contentParts(content, 'user')
    .flatMap((part) => (part.kind === 'words' ? [part.text] : []))
    .join('\n');
}

/** The results that came last, in order. */
export function lastResults(conversation: readonly Part[]): readonly string[] {
  const lastCall = conversation.findLastIndex(({ kind }) => kind === 'call');
  return conversation.slice(lastCall + 1).flatMap((part) => (part.kind === 'result' ? [part.text] : []));
}

/** What the person, or the harness in their place, said so far. */
export function wordsOfUser(conversation: readonly Part[]): readonly string[] {
  return conversation.flatMap((part) => (part.kind === 'words' && part.role === 'user' ? [part.text] : []));
}

/**
 * What breaks the rule that each call is followed by exactly one result, in the order of the calls, before the model
 * speaks again. Empty when nothing does.
 */
export function brokenPairs(conversation: readonly Part[]): readonly string[] {
  const problems: string[] = [];
  let open: string[] = [];
  for (const part of conversation) {
    if (part.kind === 'call') open.push(part.id);
    else if (part.kind === 'result') {
      const expected = open.shift();
      if (expected !== part.id) problems.push(`${part.id} was answered where ${expected} was due`);
    } else if (part.kind === 'words' && open.length > 0) {
      problems.push(`${open.join(', ')} not answered before ${part.role}: ${part.text.slice(0, 80)}`);
      open = [];
    }
  }
  return open.length === 0 ? problems : [...problems, `${open.join(', ')} not answered at the end`];
}
