import { describe, expect, it } from '@jest/globals';
import { processesContract, runContract } from '../contracts';
import { openScriptedProcesses } from './open-scripted-processes';

runContract('ScriptedProcesses', processesContract, () => ({ subject: openScriptedProcesses() }));

describe('ScriptedProcesses', () => {
  const spec = { cwd: '.', timeoutMs: 1_000, previewBytes: 100 };

  it('throws at a script that nobody scripted', async () => {
    const { processes } = openScriptedProcesses();
    const run = processes.run({ ...spec, command: { script: 'rm -rf /' } }, new AbortController().signal);
    await expect(run).rejects.toThrow('nobody scripted rm -rf /');
  });

  it('keeps what was run, in order', async () => {
    const { processes } = openScriptedProcesses({ npm: () => 1 });
    const command = { argv: ['npm', 'test'] } as const;
    await processes.run({ ...spec, command }, new AbortController().signal);
    expect(processes.commands).toEqual([command]);
  });
});
