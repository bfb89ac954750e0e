import type { ToolSpec } from '../ports/language-model';
import type { OutsideTool } from '../ports/tool-source';
import { outsideToolName } from './outside-tool-name';
import { plainInputSchema } from './plain-input-schema';

/** What outside tools may take of every request. */
export interface OfferLimits {
  readonly maxTools: number;
  /** Of all specifications together, in characters of their JSON. */
  readonly maxCharacters: number;
}

export const DEFAULT_OFFER_LIMITS: OfferLimits = { maxTools: 64, maxCharacters: 48_000 };

const MAX_DESCRIPTION_CHARACTERS = 2_000;

export interface OfferedTool {
  readonly spec: ToolSpec;
  readonly tool: OutsideTool;
}

export interface Offer {
  /** Those that models see in every request, by name. */
  readonly direct: readonly OfferedTool[];
  /** Those that don't fit, or that providers would refuse: they have to be searched for. */
  readonly behind: readonly OutsideTool[];
}

/**
 * Which outside tools models see. Servers take turns, so that one with thousands of tools leaves room for the others;
 * a tool that does not fit is passed over. The same tools give the same offer, in the same order: the prompt's prefix
 * depends on it.
 */
export function offerOf(tools: readonly OutsideTool[], limits: OfferLimits = DEFAULT_OFFER_LIMITS): Offer {
  const direct: OfferedTool[] = [];
  const behind: OutsideTool[] = [];
  let characters = 0;
  for (const tool of inTurns(tools)) {
    const spec = direct.length < limits.maxTools ? specOf(tool) : undefined;
    const size = spec === undefined ? Infinity : JSON.stringify(spec).length;
    if (spec === undefined || characters + size > limits.maxCharacters) {
      behind.push(tool);
      continue;
    }
    characters += size;
    direct.push({ spec, tool });
  }
  return { direct: direct.toSorted((a, b) => (a.spec.name < b.spec.name ? -1 : 1)), behind };
}

/** The first tool of each server, then the second of each, and so on. */
function inTurns(tools: readonly OutsideTool[]): readonly OutsideTool[] {
  const byServer = [...Map.groupBy(tools, ({ server }) => server).values()];
  const longest = Math.max(0, ...byServer.map(({ length }) => length));
  return Array.from({ length: longest }, (_, i) => byServer.flatMap((own) => own[i] ?? [])).flat();
}

function specOf({ server, name, description, inputSchema }: OutsideTool): ToolSpec | undefined {
  const schema = plainInputSchema(inputSchema);
  if (schema === undefined) return undefined;
  const words = description.trim() === '' ? `${name} of ${server}` : description.trim();
  return {
    name: outsideToolName(server, name),
    description: words.slice(0, MAX_DESCRIPTION_CHARACTERS).toWellFormed(),
    inputSchema: schema,
  };
}
