import { toolServersFile } from '@swe/domain';
import { runContract, toolSourceContract } from '@swe/testing/contracts';
import { ManualClock, SCRIPTED_TOOL_LIMITS, scriptedToolServers } from '@swe/testing/memory';
import { openLoopbackToolServer } from '@swe/testing/servers';
import { McpToolSource } from './mcp-tool-source';

/** Messages take some turns of the event loop from one end to the other, each way. */
async function settle(): Promise<void> {
  for (let turn = 0; turn < 30; turn += 1) await new Promise((resolve) => setImmediate(resolve));
}

runContract('McpToolSource', toolSourceContract, () => {
  const clock = new ManualClock(undefined, settle);
  const servers = scriptedToolServers();
  const { startTimeoutMs, callTimeoutMs, maxAnswerBytes } = SCRIPTED_TOOL_LIMITS;
  const program = { command: 'scripted', startTimeoutMs, callTimeoutMs };
  const source = new McpToolSource({
    servers: toolServersFile.parse({ mcpServers: { shop: program, atlas: program } }),
    clock,
    workspaceFolder: '/workspace',
    startProgram: async ({ name }) => openLoopbackToolServer(name === 'shop' ? servers.shop : servers.atlas),
    fetch,
    readSecret: async () => '',
    maxAnswerBytes,
  });
  const pass = (ms: number): Promise<void> => clock.advance(ms);
  return { subject: { source, servers, pass, ...SCRIPTED_TOOL_LIMITS }, close: () => source.close() };
});
