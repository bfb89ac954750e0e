export { McpToolSource } from './mcp-tool-source';
export type { McpToolSourceOptions } from './mcp-tool-source';
export type { RunningProgram, ServerProgram, StartProgram } from './server-program';
