import { join } from 'node:path';
import { connectShell } from '@swe/adapter-host/shell';
import { toolServersFile } from '@swe/domain';
import { runContract, toolSourceContract } from '@swe/testing/contracts';
import { ManualClock, SCRIPTED_TOOL_LIMITS, scriptedToolServers } from '@swe/testing/memory';
import { openLoopbackToolServer } from '@swe/testing/servers';
import { openMcp } from './mcp';
import { NO_PROGRAMS, openShellHost, shellOptions, shellsWith } from './shell-host-fixture';

/** Messages take some turns of the event loop from one end to the other, through the socket, each way. */
async function settle(): Promise<void> {
  for (let turn = 0; turn < 200; turn += 1) await new Promise((resolve) => setImmediate(resolve));
}

runContract('tool servers whose programs another process has', toolSourceContract, async () => {
  const clock = new ManualClock(undefined, settle);
  const servers = scriptedToolServers();
  const host = await openShellHost(
    shellsWith(async ({ name }) => openLoopbackToolServer(name === 'shop' ? servers.shop : servers.atlas)),
  );
  const shell = await connectShell(host.socketPath, shellOptions(join(host.folder, 'session'), NO_PROGRAMS));
  const programs = await shell.openPrograms({ environment: {} });
  const { startTimeoutMs, callTimeoutMs, maxAnswerBytes } = SCRIPTED_TOOL_LIMITS;
  const program = { command: 'scripted', startTimeoutMs, callTimeoutMs };
  const source = openMcp({
    servers: toolServersFile.parse({ mcpServers: { shop: program, atlas: program } }),
    clock,
    workspaceFolder: shell.workspace.root,
    startProgram: programs.start,
    fetch,
    readSecret: async () => '',
    maxAnswerBytes,
  });
  const pass = (ms: number): Promise<void> => clock.advance(ms);
  return {
    subject: { source, servers, pass, ...SCRIPTED_TOOL_LIMITS },
    close: async () => {
      await source.close();
      await shell[Symbol.asyncDispose]();
      await host.close();
    },
  };
});
