import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { mkdtemp, realpath, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { HostProcess } from './host-process';
import type { LaunchSpec } from './host-process';
import { Pipes } from './pipe';
import { lives, pidIn } from '@swe/testing/host';
import { runToEnd } from './run-to-end';

const TEN_MINUTES = 600_000;

describe('HostProcess', () => {
  let folder: string;
  let launched: HostProcess[];
  let pipes: Pipes;
  beforeEach(async () => {
    launched = [];
    folder = await realpath(await mkdtemp(join(tmpdir(), 'host-process-')));
    pipes = new Pipes({ directory: folder, searchPath: '/usr/bin:/bin' });
  });
  afterEach(async () => {
    await Promise.allSettled(launched.map((process) => process.end(0)));
    await rm(folder, { recursive: true });
  });

  const launch = async (script: string, onOutput: LaunchSpec['onOutput']): Promise<HostProcess> => {
    const process = await HostProcess.launch({
      id: folder,
      argv: ['bash', '-c', script],
      cwd: folder,
      environment: { PATH: '/usr/local/bin:/usr/bin:/bin' },
      stdin: 'ignore',
      pipes,
      onOutput,
    });
    launched.push(process);
    return process;
  };

  it('waits for the grace only as long as somebody is there', async () => {
    const process = await launch('echo $$ >pid.new; mv pid.new pid; sleep 600; :', async () => undefined);
    const pid = await pidIn(join(folder, 'pid'));
    await process.end(TEN_MINUTES);
    expect(process.exit).toEqual({ exitCode: null, signal: 'SIGTERM' });
    expect(lives(pid)).toBe(false);
  });

  it('without a grace asks nobody first', async () => {
    const script = `trap 'touch asked' TERM; echo $$ >pid.new; mv pid.new pid; while :; do sleep 1; done`;
    const process = await launch(script, async () => undefined);
    await pidIn(join(folder, 'pid'));
    await process.end(0);
    expect(process.exit).toEqual({ exitCode: null, signal: 'SIGKILL' });
  });

  it('whose output cannot be taken is ended with all it left behind, and the run fails', async () => {
    const fail = (): Promise<never> => Promise.reject(new Error('cannot take it'));
    const process = await launch('sleep 600 & echo $! >pid.new; mv pid.new pid; echo x', fail);
    const run = runToEnd(process, { timeoutMs: TEN_MINUTES, killGraceMs: 500 }, new AbortController().signal);
    await expect(run).rejects.toThrow('cannot take it');
    expect(lives(await pidIn(join(folder, 'pid')))).toBe(false);
  });

  it('whose output cannot be taken while it runs disturbs nobody who does not wait for it', async () => {
    const failed = Promise.withResolvers<void>();
    await launch('echo x; exec sleep 600', async () => {
      failed.resolve();
      throw new Error('cannot take it');
    });
    await failed.promise;
    // By then Node has told of a rejection that nobody handles, which makes Jest fail this test.
    await new Promise((resolve) => setImmediate(resolve));
  });
});
