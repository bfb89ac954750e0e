import { describe, expect, it } from '@jest/globals';
import { Fault, textOf } from '@swe/domain';
import type { JsonObject, RunResult, RunSpec } from '@swe/domain';
import { MemoryWorkspace } from '@swe/testing/memory';
import type { ToolContext } from '../agent/tool';
import { backgroundProcesses } from './background-processes';
import { bash } from './bash';

const ROOT = '/workspace';
const context = { callId: 'call-1-1', signal: new AbortController().signal } as ToolContext;

const output = { head: '', tail: '', omittedBytes: 0, totalBytes: 0, spoolPath: '', spooledBytes: 0 };
const ended = { end: 'exited', exitCode: 0, signal: null, output, leftovers: 0, durationMs: 1_234 } as const;

/** A shell whose scripts end as `script` says; by default well, and where they began. */
function openShell(script: (spec: RunSpec) => Partial<RunResult> = () => ({})) {
  const specs: RunSpec[] = [];
  const signals: AbortSignal[] = [];
  const run = async (spec: RunSpec, signal: AbortSignal): Promise<RunResult> => {
    specs.push(spec);
    signals.push(signal);
    return { ...ended, cwd: spec.cwd, ...script(spec) };
  };
  const nothing = () => Promise.reject(new Error('nothing runs in the background here'));
  const background = backgroundProcesses({ start: nothing, output: nothing, input: nothing, kill: nothing });
  const workspace = new MemoryWorkspace(ROOT);
  const tool = bash({ run, spoolDirectory: '.swe/output' }, background, workspace);
  return {
    specs,
    signals,
    workspace,
    async resume(command: string) {
      const { content, isError } = await tool.resume({ command }, context);
      return { said: textOf(content), isError };
    },
    async run(command: string, input: JsonObject = {}) {
      const { content, isError, ran } = await tool.call({ command, ...input }, context);
      return { said: textOf(content), isError, ran };
    },
  };
}

const scriptOf = ({ command }: RunSpec): string => ('script' in command ? command.script : '');

/** `cd X` ends in X. */
const cd = (spec: RunSpec): Partial<RunResult> => {
  const [, target] = /^cd (.*)/.exec(scriptOf(spec)) ?? [];
  return target === undefined ? {} : { cwd: target };
};

describe('bash', () => {
  it('runs the script as it is, in the workspace, and records it', async () => {
    const shell = openShell(() => ({ output: { ...output, head: 'hi\n', totalBytes: 3 } }));
    const command = 'echo "$(date)" | tee `x`';
    expect(await shell.run(command)).toEqual({
      said: 'hi\n\n[exit code 0 after 1.2 s]',
      isError: false,
      ran: { command, cwd: ROOT, exitCode: 0 },
    });
    expect(shell.specs).toEqual([
      {
        command: { script: command },
        cwd: ROOT,
        timeoutMs: 120_000,
        previewBytes: 8_192,
        spoolName: 'call-1-1',
      },
    ]);
    expect(shell.signals).toEqual([context.signal]);
  });

  it.each<[string, Partial<RunResult>, string, number | null]>([
    ['a failure', { exitCode: 3 }, '[exit code 3 after 1.2 s]', 3],
    ['a signal', { exitCode: null, signal: 'SIGSEGV' }, '[ended by SIGSEGV after 1.2 s]', null],
    ['a timeout', { end: 'timed-out', exitCode: null, signal: 'SIGKILL' }, 'timed out', null],
    ['a timeout that the script survived', { end: 'timed-out', exitCode: 0 }, 'timed out', 0],
    ['a stop', { end: 'cancelled', exitCode: null, signal: 'SIGTERM' }, 'stopped by the person', null],
  ])('tells %s as an error, with its end', async (_name, end, words, exitCode) => {
    const { said, isError, ran } = await openShell(() => end).run('x');
    expect(isError).toBe(true);
    expect(said).toContain(words);
    expect(ran).toEqual({ command: 'x', cwd: ROOT, exitCode });
  });

  describe('a script that holds a check', () => {
    const tree = 'a'.repeat(40);
    /** A shell whose working copy is measured as this, before the script and after it. */
    const measuring = (before: string, after = before) => {
      const measured = [before, after];
      return openShell((spec) => {
        if (!scriptOf(spec).includes('write-tree')) return cd(spec);
        const head = measured.shift() ?? '';
        return { output: { ...output, head, totalBytes: head.length } };
      });
    };
    const SHOP = 'working copy: /workspace/shop\n';

    it.each([
      ['npm test', '/workspace'],
      ['cd shop && npm test', '/workspace/shop'],
      ['cd /workspace/lib && npm test; cd ..', '/workspace/lib'],
    ])('is recorded with what it ran on: %s', async (command, place) => {
      const shell = measuring(`working copy: /workspace/shop\ntree: ${tree}\n`);
      const { ran } = await shell.run(command);
      expect(ran).toEqual({ command, cwd: ROOT, exitCode: 0, workingCopy: '/workspace/shop', tree });
      expect(shell.specs.map(({ cwd }) => cwd)).toEqual([place, ROOT, place]);
    });

    it('is recorded without what could not be told', async () => {
      const ran = { command: 'npm test', cwd: ROOT, exitCode: 0 };
      const unread = measuring(SHOP);
      expect((await unread.run('npm test')).ran).toEqual({ ...ran, workingCopy: '/workspace/shop' });
      expect((await measuring('').run('npm test')).ran).toEqual(ran);
    });

    it.each([
      ['what it changed', `${SHOP}tree: ${'b'.repeat(40)}\n`, `${SHOP}tree: ${tree}\n`],
      ['what it made', '', `${SHOP}tree: ${tree}\n`],
      ['what was not measured afterwards', `${SHOP}tree: ${tree}\n`, ''],
    ])('is not recorded as run on %s', async (_name, before, after) => {
      const { ran } = await measuring(before, after).run('npm test && npx prettier --write .');
      expect(ran).toMatchObject({ workingCopy: '/workspace/shop' });
      expect(ran).not.toHaveProperty('tree');
    });

    it.each([
      'git stash && npm test && git stash pop',
      '(cd a && npm test) && (cd b && npm test)',
      'cd "$SOMEWHERE" && npm test; cd /workspace/shop && npm run lint',
    ])('is recorded without a tree where it may have run on another: %s', async (command) => {
      const { ran } = await measuring(`${SHOP}tree: ${tree}\n`).run(command);
      expect(ran).toMatchObject({ workingCopy: '/workspace/shop' });
      expect(ran).not.toHaveProperty('tree');
    });

    it('in a folder that is gone is measured where it runs', async () => {
      const shell = openShell((spec) => {
        if (spec.cwd === '/workspace/shop') throw new Fault('missing', 'gone');
        if (!scriptOf(spec).includes('write-tree')) return cd(spec);
        const head = `working copy: /workspace\ntree: ${tree}\n`;
        return { output: { ...output, head, totalBytes: head.length } };
      });
      await shell.run('cd /workspace/shop');
      expect((await shell.run('npm test')).ran).toMatchObject({ cwd: ROOT, workingCopy: ROOT, tree });
    });

    it.each(['cd "$SOMEWHERE" && npm test', 'ls', 'echo npm test'])(
      'is not looked for in %j',
      async (command) => {
        const shell = measuring('');
        await shell.run(command);
        expect(shell.specs).toHaveLength(1);
      },
    );
  });

  it('says what was left running', async () => {
    const { said, isError } = await openShell(() => ({ leftovers: 2 })).run('sleep 9 & sleep 9 &');
    expect(said).toBe('(no output)\n[exit code 0 after 1.2 s; 2 process(es) it had left running were ended]');
    expect(isError).toBe(false);
  });

  it.each([
    ['all of it', 90, 'all of it is in .swe/1.log'],
    ['as much as there is room for', 50, 'its first 50 bytes are in .swe/1.log'],
  ])('shortens long output in the middle and names the file with %s', async (_name, spooledBytes, words) => {
    const long = { head: 'HEAD', tail: 'TAIL', omittedBytes: 82, totalBytes: 90, spoolPath: '.swe/1.log' };
    const { said } = await openShell(() => ({ output: { ...long, spooledBytes } })).run('x');
    expect(said).toBe(`HEAD\n[... 82 of 90 bytes left out; ${words} ...]\nTAIL\n[exit code 0 after 1.2 s]`);
  });

  it.each([
    [{}, 120_000],
    [{ timeoutSeconds: 1 }, 1_000],
    [{ timeoutSeconds: 1_800 }, 1_800_000],
  ])('gives a script the time it asks for: %j', async (input, timeoutMs) => {
    const shell = openShell();
    await shell.run('x', input);
    expect(shell.specs[0]?.timeoutMs).toBe(timeoutMs);
  });

  it.each([{ timeoutSeconds: 0 }, { timeoutSeconds: 1_801 }, { timeoutSeconds: 1.5 }, { command: '' }])(
    'refuses %j, and runs nothing',
    async (input) => {
      const shell = openShell();
      expect((await shell.run('x', input)).isError).toBe(true);
      expect(shell.specs).toEqual([]);
    },
  );
});

describe("bash's working directory", () => {
  it('carries over to the next call, and is told when it changes', async () => {
    const shell = openShell(cd);
    expect((await shell.run('cd /workspace/shop')).said).toContain('\n[working directory: /workspace/shop]');
    expect((await shell.run('ls')).said).not.toContain('working directory');
    expect((await shell.run('cd /workspace')).said).toContain('\n[working directory: /workspace]');
    expect(shell.specs.map(({ cwd }) => cwd)).toEqual([ROOT, '/workspace/shop', '/workspace/shop']);
  });

  it('is recorded as the one that the script started in', async () => {
    const shell = openShell(cd);
    expect((await shell.run('cd /workspace/shop')).ran?.cwd).toBe(ROOT);
    expect((await shell.run('cd /workspace')).ran?.cwd).toBe('/workspace/shop');
  });

  it('carries over also from a script that fails', async () => {
    const shell = openShell((spec) => ({ ...cd(spec), exitCode: 1 }));
    await shell.run('cd /workspace/shop');
    await shell.run('ls');
    expect(shell.specs[1]?.cwd).toBe('/workspace/shop');
  });

  it.each(['/', '/etc', '/workspace-2', '/workspac'])(
    'outside the workspace (%s) is not kept, and said',
    async (outside) => {
      const shell = openShell(cd);
      await shell.run('cd /workspace/shop');
      const { said } = await shell.run(`cd ${outside}`);
      expect(said).toContain(
        `[${outside} is outside the workspace; the next command starts in /workspace/shop again]`,
      );
      await shell.run('ls');
      expect(shell.specs[2]?.cwd).toBe('/workspace/shop');
    },
  );

  /** A shell in /workspace/shop, which is gone. */
  async function openLostShell(kind: 'missing' | 'denied') {
    const shell = openShell((spec) => {
      if (spec.cwd === '/workspace/shop') throw new Fault(kind, 'gone');
      return cd(spec);
    });
    await shell.run('cd /workspace/shop');
    return shell;
  }

  it.each(['missing', 'denied'] as const)(
    'that is gone (%s) is left for the workspace, and said',
    async (kind) => {
      const shell = await openLostShell(kind);
      const { said, isError, ran } = await shell.run('ls');
      expect(said).toMatch(/^\[\/workspace\/shop is gone; this ran in \/workspace\]\n/);
      expect(said).not.toContain('working directory');
      expect(isError).toBe(false);
      expect(ran?.cwd).toBe(ROOT);
      expect((await shell.run('ls')).said).not.toContain('gone');
    },
  );

  it('that is gone is not said to come back', async () => {
    const shell = await openLostShell('missing');
    const { said } = await shell.run('cd /etc');
    expect(said).toContain('[/etc is outside the workspace; the next command starts in /workspace again]');
  });

  it('is not blamed for other failures', async () => {
    const denied = openShell(() => {
      throw new Fault('denied', 'no shell for you');
    });
    expect(await denied.run('x')).toMatchObject({ said: 'no shell for you', isError: true });
    expect(denied.specs).toHaveLength(1);
  });
});

describe('a script whose machine went away', () => {
  const spool = '.swe/output/call-1-1.log';

  it('is not run again, and told with what it had printed', async () => {
    const shell = openShell();
    await shell.workspace.write(spool, Buffer.from('deploying...\n'));
    const { said, isError } = await shell.resume('./deploy');
    expect(shell.specs).toEqual([]);
    expect(isError).toBe(true);
    expect(said).toContain('Interrupted');
    expect(said).toContain('It had printed:\ndeploying...\n');
  });

  it('is told with the beginning and the end of a long output', async () => {
    const shell = openShell();
    await shell.workspace.write(spool, Buffer.from(`first${'x'.repeat(100_000)}last`));
    const { said } = await shell.resume('./deploy');
    expect(said).toContain(`all of it is in ${spool}`);
    expect(said).toContain('first');
    expect(said).toMatch(/last$/);
    expect(said.length).toBeLessThan(20_000);
  });

  it('is told also when nothing of that is left', async () => {
    expect((await openShell().resume('./deploy')).said).toContain('Nothing of what it may have printed');
  });
});
