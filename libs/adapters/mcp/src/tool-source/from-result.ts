import { isDeepStrictEqual } from 'node:util';
import { text } from '@swe/domain';
import type { OutsideFile, OutsideResult, TextContent } from '@swe/domain';
import { z } from 'zod';

/** A result of `tools/call`, loosely: what a server got wrong is told, and what it got right is kept. */
export const callResult = z.looseObject({
  content: z.array(z.unknown()).catch([]),
  structuredContent: z.unknown().optional(),
  isError: z.boolean().optional().catch(undefined),
});

/** https://modelcontextprotocol.io/specification/2025-06-18/server/tools#tool-result */
const block = z.discriminatedUnion('type', [
  z.object({ type: z.literal('text'), text: z.string() }),
  z.object({ type: z.enum(['image', 'audio']), data: z.base64(), mimeType: z.string() }),
  z.object({
    type: z.literal('resource'),
    resource: z.union([
      z.object({ uri: z.string(), text: z.string() }),
      z.object({ uri: z.string(), blob: z.base64(), mimeType: z.string().optional() }),
    ]),
  }),
  z.object({
    type: z.literal('resource_link'),
    uri: z.string(),
    name: z.string().optional(),
    description: z.string().optional(),
  }),
]);

type Part = TextContent | OutsideFile;

export function fromResult({
  content,
  structuredContent,
  isError,
}: z.infer<typeof callResult>): OutsideResult {
  const parts = content.map(fromBlock);
  const isSaid = parts.some(
    (part) => part.type === 'text' && isDeepStrictEqual(parsed(part.text), structuredContent),
  );
  const structured =
    structuredContent === undefined || isSaid ? [] : [text(JSON.stringify(structuredContent))];
  return { content: [...parts, ...structured], isError: isError === true };
}

function fromBlock(given: unknown, index: number): Part {
  const parse = block.safeParse(given);
  if (!parse.success) return text('[a part of the result that is none of the known kinds]');
  const part = parse.data;
  switch (part.type) {
    case 'text':
      return text(part.text);
    case 'image':
    case 'audio':
      return fileOf(`${part.type}-${index + 1}`, part.data, part.mimeType);
    case 'resource': {
      const { resource } = part;
      if ('text' in resource) return text(`[resource ${resource.uri}]\n${resource.text}`);
      return fileOf(resource.uri, resource.blob, resource.mimeType);
    }
    case 'resource_link': {
      const words = [part.name, part.description].filter(Boolean).join(': ');
      return text(`[link to resource ${part.uri}] ${words}`.trim());
    }
  }
}

const fileOf = (name: string, data: string, declaredAs: string | undefined): OutsideFile => ({
  type: 'file',
  name,
  declaredAs,
  bytes: new Uint8Array(Buffer.from(data, 'base64')),
});

function parsed(json: string): unknown {
  try {
    return JSON.parse(json);
  } catch {
    return undefined;
  }
}
