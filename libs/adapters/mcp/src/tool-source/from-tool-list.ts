import { jsonObject } from '@swe/domain';
import type { OutsideTool } from '@swe/domain';
import { z } from 'zod';

/** A page of `tools/list`, loosely: one tool that is described wrongly must not cost the others. */
export const toolPage = z.looseObject({
  tools: z.array(z.unknown()),
  nextCursor: z.string().optional(),
});

const tool = z.object({
  name: z.string().min(1).max(200),
  description: z.string().optional().catch(undefined),
  inputSchema: jsonObject.catch({}),
  annotations: z.object({ readOnlyHint: z.boolean().optional() }).optional().catch(undefined),
});

/** Undefined for what has no name. */
export function fromTool(server: string, given: unknown): OutsideTool | undefined {
  const parsed = tool.safeParse(given);
  if (!parsed.success) return undefined;
  const { name, description = '', inputSchema, annotations } = parsed.data;
  return { server, name, description, inputSchema, readsOnly: annotations?.readOnlyHint === true };
}
