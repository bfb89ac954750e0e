import { McpToolSource } from '@swe/adapter-mcp/tool-source';
import type { McpToolSourceOptions } from '@swe/adapter-mcp/tool-source';

/** Tool servers by their SDK. In a file of its own: a package that is imported dynamically comes along whole. */
export function openMcp(options: McpToolSourceOptions): McpToolSource {
  return new McpToolSource(options);
}
