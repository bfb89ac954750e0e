import type { JsonObject } from '@swe/domain';
import { z } from 'zod';
import type { RequestBlock } from './simulated-cache';

const anyBlock = z.looseObject({});
const message = z.object({ role: z.string(), content: z.array(anyBlock) });

const anthropicRequest = z.object({
  tools: z.array(anyBlock).default([]),
  system: z.array(anyBlock).default([]),
  messages: z.array(message),
});

/** A request to Anthropic's Messages API; `cache_control` marks a block. */
export function anthropicBlocks(body: JsonObject): readonly RequestBlock[] {
  const { tools, system, messages } = anthropicRequest.parse(body);
  const blockOf =
    (role = '') =>
    ({ cache_control: mark, ...block }: Readonly<Record<string, unknown>>): RequestBlock => ({
      text: role + JSON.stringify(block),
      isMarked: mark !== undefined,
    });
  return [
    ...[...tools, ...system].map(blockOf()),
    ...messages.flatMap(({ role, content }) => content.map(blockOf(role))),
  ];
}

const converseRequest = z.object({
  toolConfig: z.object({ tools: z.array(anyBlock) }).optional(),
  system: z.array(anyBlock).default([]),
  messages: z.array(message),
});

/** A request to Bedrock's ConverseStream; a `cachePoint` marks the block before it. */
export function converseBlocks(body: JsonObject): readonly RequestBlock[] {
  const { toolConfig, system, messages } = converseRequest.parse(body);
  const parts = [
    ...[...(toolConfig?.tools ?? []), ...system].map((block) => ({ role: '', block })),
    ...messages.flatMap(({ role, content }) => content.map((block) => ({ role, block }))),
  ];
  return parts.flatMap(({ role, block }, i) =>
    'cachePoint' in block
      ? []
      : [{ text: role + JSON.stringify(block), isMarked: 'cachePoint' in (parts[i + 1]?.block ?? {}) }],
  );
}
