import { text } from '@swe/domain';
import type { ToolSource } from '@swe/domain';

/** Servers, by their names, and what speaks to them. */
export interface NamedSource {
  readonly names: readonly string[];
  readonly source: ToolSource;
}

/** Several sources as one. A server whose name an earlier one has is left out, and told as a trouble. */
export function joinedToolSource(sources: readonly NamedSource[]): ToolSource {
  const owners = new Map<string, ToolSource>();
  const taken: string[] = [];
  for (const { names, source } of sources) {
    for (const name of names) {
      if (owners.has(name)) taken.push(name);
      else owners.set(name, source);
    }
  }
  return {
    async list(signal) {
      const listings = await Promise.all(
        sources.map(async ({ source }) => {
          const { tools, troubles } = await source.list(signal);
          const isOwn = ({ server }: { readonly server: string }): boolean => owners.get(server) === source;
          return { tools: tools.filter(isOwn), troubles: troubles.filter(isOwn) };
        }),
      );
      const tools = listings.flatMap((listing) => listing.tools);
      const reason = 'another server has that name';
      return {
        tools: tools.toSorted((a, b) => (a.server === b.server ? 0 : a.server < b.server ? -1 : 1)),
        troubles: [
          ...listings.flatMap((listing) => listing.troubles),
          ...taken.map((server) => ({ server, reason })),
        ],
      };
    },
    async call(call, signal) {
      const source = owners.get(call.server);
      if (source !== undefined) return source.call(call, signal);
      return { content: [text(`There is no tool server ${JSON.stringify(call.server)}`)], isError: true };
    },
  };
}
