import { describe, expect, it } from '@jest/globals';
import { textOf } from '@swe/domain';
import type { JsonObject } from '@swe/domain';
import { ManualClock, MemoryWorkspace, ScriptedProcesses } from '@swe/testing/memory';
import type { ScriptedCall, ScriptedProgram } from '@swe/testing/memory';
import type { ToolContext } from '../agent/tool';
import { backgroundProcesses } from './background-processes';
import { bash } from './bash';
import { processInput } from './process-input';
import { processKill } from './process-kill';
import { processOutput } from './process-output';

const live = new AbortController().signal;

/** A server that prints what it is sent, and ends at `quit`. */
const server: ScriptedProgram = async (call) => {
  call.print('listening\n');
  for (;;) {
    const line = await call.readLine();
    if (line === 'quit') return 3;
    call.print(`got ${line}\n`);
  }
};

/** The tools of a session, on a machine with these scripts. */
function open(programs: Readonly<Record<string, ScriptedProgram>> = {}) {
  const workspace = new MemoryWorkspace();
  const clock = new ManualClock();
  const processes = new ScriptedProcesses({ workspace, clock, programs: { serve: server, ...programs } });
  const background = backgroundProcesses(processes);
  const tools = [
    bash(processes, background, workspace),
    processOutput(background, clock),
    processInput(background),
    processKill(background),
  ];
  return {
    workspace,
    clock,
    processes,
    background,
    async call(name: string, input: JsonObject, signal: AbortSignal = live) {
      const tool = tools.find(({ spec }) => spec.name === name)!;
      const { content, isError = false, ran } = await tool.call(input, { signal } as ToolContext);
      return { said: textOf(content), isError, ran };
    },
    start: (command: string) =>
      tools[0]!.call({ command, background: true }, { signal: live } as ToolContext),
  };
}

const SERVING = '[running in the background: p1 (serve)]';

describe('bash in the background', () => {
  it('starts the script and gives a handle', async () => {
    const machine = open();
    expect(await machine.call('bash', { command: 'serve', background: true })).toEqual({
      said: `Started as p1. process_output reads what it prints.\n${SERVING}`,
      isError: false,
      ran: undefined,
    });
    expect(machine.processes.commands).toEqual([{ script: 'serve' }]);
  });

  it('starts it in the working directory', async () => {
    const where: string[] = [];
    const machine = open({
      'cd shop': (call) => (call.moveTo('shop'), 0),
      pwd: (call) => (where.push((call as ScriptedCall & { cwd: string }).cwd), 0),
    });
    await machine.workspace.write('shop/file', new Uint8Array());
    await machine.call('bash', { command: 'cd shop' });
    await machine.start('pwd');
    expect(where).toEqual(['/workspace/shop']);
  });

  it('says what still runs with every later result, in short', async () => {
    const long = `serve --with ${'many options '.repeat(20)}`;
    const machine = open({ ls: () => 0, [long]: (call) => call.hang() });
    await machine.start('serve');
    await machine.start(long);
    const { said } = await machine.call('bash', { command: 'ls' });
    const [listing = ''] = said.split('\n').slice(-1);
    expect(listing).toMatch(
      /^\[running in the background: p1 \(serve\), p2 \(serve --with many options .*\.\.\.\)\]$/,
    );
    expect(listing.length).toBeLessThan(130);
  });

  it('runs eight at once and no more', async () => {
    const machine = open();
    for (let i = 0; i < 8; i += 1) await machine.start('serve');
    const refused = await machine.call('bash', { command: 'serve', background: true });
    expect(refused).toMatchObject({
      isError: true,
      said: '8 processes are running already: kill one first.',
    });
    await machine.call('process_kill', { handle: 'p3' });
    const { said } = await machine.call('bash', { command: 'serve', background: true });
    expect(said).toMatch(/^Started as p9\./);
  });
});

describe('process_output', () => {
  it('reads on where it left off, and says how it ended', async () => {
    const machine = open();
    await machine.start('serve');
    const read = async () => (await machine.call('process_output', { handle: 'p1' })).said;
    expect(await read()).toBe(`listening\n\n[p1 is running]\n${SERVING}`);
    expect(await read()).toBe(`(no new output)\n[p1 is running]\n${SERVING}`);
    await machine.call('process_input', { handle: 'p1', text: 'hello\nquit\n' });
    await machine.clock.advance(0);
    expect(await read()).toBe('got hello\n\n[p1 ended with exit code 3]');
    expect(await read()).toBe('(no new output)\n[p1 ended with exit code 3]');
  });

  it('says when a signal ended it', async () => {
    const machine = open({ crash: () => 'SIGSEGV' });
    await machine.start('crash');
    const { said } = await machine.call('process_output', { handle: 'p1' });
    expect(said).toContain('[p1 was ended by SIGSEGV]');
  });

  it('gives 16 KB at a time, and loses nothing', async () => {
    const printed = Array.from({ length: 6_000 }, (_, i) => `line ${i}\n`).join('');
    const machine = open({ flood: (call) => (call.print(printed), 0) });
    await machine.start('flood');
    let read = '';
    for (let part = ' '; part !== '';) {
      const { said } = await machine.call('process_output', { handle: 'p1' });
      expect(said.length).toBeLessThan(16_500);
      part = said.startsWith('(no new output)') ? '' : said.slice(0, said.lastIndexOf('\n['));
      read += part;
    }
    expect(read).toBe(printed);
  });

  /** Waits for as long as it is told; `elapse` says what happens meanwhile. */
  async function waiting(
    waitSeconds: number,
    elapse: (machine: ReturnType<typeof open>) => Promise<void>,
    signal = live,
  ) {
    const machine = open();
    await machine.start('serve');
    await machine.call('process_output', { handle: 'p1' });
    const startedMs = machine.clock.monotonicMs();
    let endedMs: number | undefined;
    const read = machine.call('process_output', { handle: 'p1', waitSeconds }, signal).then((output) => {
      endedMs = machine.clock.monotonicMs() - startedMs;
      return output.said;
    });
    await elapse(machine);
    return { said: await read, waitedMs: endedMs };
  }

  it('waits until there is something new', async () => {
    const { said, waitedMs } = await waiting(60, async ({ clock, call }) => {
      await clock.advance(10_000);
      await call('process_input', { handle: 'p1', text: 'hello\n' });
      await clock.advance(50_000);
    });
    expect(said).toContain('got hello');
    expect(waitedMs).toBe(10_250);
  });

  it('waits until it ends', async () => {
    const { said, waitedMs } = await waiting(60, async ({ clock, call }) => {
      await call('process_input', { handle: 'p1', text: 'quit\n' });
      await clock.advance(60_000);
    });
    expect(said).toBe('(no new output)\n[p1 ended with exit code 3]');
    expect(waitedMs).toBe(250);
  });

  it('waits no longer than asked', async () => {
    const { said, waitedMs } = await waiting(1, ({ clock }) => clock.advance(60_000));
    expect(said).toBe(`(no new output)\n[p1 is running]\n${SERVING}`);
    expect(waitedMs).toBe(1_000);
  });

  it('stops waiting with the turn', async () => {
    const stop = new AbortController();
    const { waitedMs } = await waiting(
      60,
      async ({ clock }) => {
        await clock.advance(100);
        stop.abort();
      },
      stop.signal,
    );
    expect(waitedMs).toBe(100);
  });

  it.each([61, -1, 1.5])('refuses to wait for %d seconds', async (waitSeconds) => {
    const machine = open();
    await machine.start('serve');
    const { said, isError } = await machine.call('process_output', { handle: 'p1', waitSeconds });
    expect([isError, said.includes('waitSeconds')]).toEqual([true, true]);
  });
});

describe('process_input', () => {
  it('writes what it is given, as it is', async () => {
    const machine = open();
    await machine.start('serve');
    const written = await machine.call('process_input', { handle: 'p1', text: '$& `x`\n' });
    expect(written).toMatchObject({ said: `Written to p1.\n${SERVING}`, isError: false });
    await machine.clock.advance(0);
    const { said } = await machine.call('process_output', { handle: 'p1' });
    expect(said).toContain('got $& `x`\n');
  });

  it('says that one which has ended takes none', async () => {
    const machine = open({ ends: () => 0 });
    await machine.start('ends');
    await machine.clock.advance(0);
    const { said, isError } = await machine.call('process_input', { handle: 'p1', text: 'x' });
    expect([isError, said]).toEqual([true, 'the process takes no input any more']);
  });
});

describe('process_kill', () => {
  it('ends it with what it started, once', async () => {
    let child = 0;
    const machine = open({ parent: (call) => ((child = call.fork()), call.hang()) });
    await machine.start('parent');
    expect(machine.processes.isAlive(child)).toBe(true);
    expect((await machine.call('process_kill', { handle: 'p1' })).said).toBe('p1 is ended.');
    expect(machine.processes.isAlive(child)).toBe(false);
    const again = await machine.call('process_kill', { handle: 'p1' });
    expect(again).toMatchObject({ said: 'p1 had been ended before.', isError: false });
  });

  it('leaves the others', async () => {
    const machine = open();
    await machine.start('serve');
    await machine.start('serve');
    expect((await machine.call('process_kill', { handle: 'p2' })).said).toBe(`p2 is ended.\n${SERVING}`);
  });
});

describe('all of them', () => {
  it('are ended at once, and counted', async () => {
    const machine = open();
    for (let i = 0; i < 3; i += 1) await machine.start('serve');
    await machine.call('process_kill', { handle: 'p2' });
    expect(await machine.background.killAll()).toBe(2);
    expect(await machine.background.killAll()).toBe(0);
    expect(await machine.background.listing()).toBe('');
  });
});

describe('a handle', () => {
  it.each([
    ['process_output', {}],
    ['process_input', { text: 'x' }],
  ])('that was killed is told so by %s', async (name, input) => {
    const machine = open();
    await machine.start('serve');
    await machine.call('process_kill', { handle: 'p1' });
    const { said, isError } = await machine.call(name, { handle: 'p1', ...input });
    expect([isError, said]).toEqual([true, 'p1 was killed.']);
  });

  it.each([
    ['process_output', {}],
    ['process_input', { text: 'x' }],
    ['process_kill', {}],
  ])('that nobody gave is unknown to %s', async (name, input) => {
    const { said, isError } = await open().call(name, { handle: 'p7', ...input });
    expect(isError).toBe(true);
    expect(said).toContain('There is no process p7.');
  });
});
