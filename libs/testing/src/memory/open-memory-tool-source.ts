import { ManualClock } from './manual-clock';
import { MemoryToolSource } from './memory-tool-source';
import { ScriptedToolServer } from './scripted-tool-server';
import type { ScriptedToolSpec } from './scripted-tool-server';

export const SCRIPTED_TOOL_LIMITS = { startTimeoutMs: 5_000, callTimeoutMs: 10_000, maxAnswerBytes: 50_000 };

export const scriptedTool = (name: string, over: Partial<ScriptedToolSpec> = {}): ScriptedToolSpec => ({
  name,
  description: `Does ${name}.`,
  inputSchema: { type: 'object', properties: {} },
  readsOnly: false,
  ...over,
});

/** The servers that a tool source's contract is checked on. */
export function scriptedToolServers() {
  const shop = new ScriptedToolServer([scriptedTool('sell'), scriptedTool('find', { readsOnly: true })]);
  return { shop, atlas: new ScriptedToolServer([scriptedTool('locate')]) };
}

/** For the contract. */
export function openMemoryToolSource() {
  const clock = new ManualClock();
  const servers = scriptedToolServers();
  const source = new MemoryToolSource(new Map(Object.entries(servers)), { ...SCRIPTED_TOOL_LIMITS, clock });
  const pass = (ms: number): Promise<void> => clock.advance(ms);
  return { source, servers, clock, pass, ...SCRIPTED_TOOL_LIMITS };
}
