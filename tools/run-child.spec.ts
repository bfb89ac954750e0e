import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { expect, test } from '@jest/globals';

/** Starts a process without a terminal that runs `program` through `runChild`, and collects what it prints. */
function start(program: string) {
  const script = `
    import { exitWith, runChild } from ${JSON.stringify(join(import.meta.dirname, 'run-child.mjs'))};
    await exitWith(() => runChild(process.execPath, ['-e', ${JSON.stringify(program)}]));`;
  const parent = spawn(process.execPath, ['--input-type=module', '-e', script], { detached: true });
  const lines: string[] = [];
  parent.stdout.setEncoding('utf8').on('data', (text: string) => lines.push(...text.trim().split('\n')));
  return { parent, lines };
}

const exitCode = async (process: ChildProcess) => {
  const [code] = await once(process, 'close');
  return code;
};

test('the exit code is passed on', async () => {
  expect(await exitCode(start('process.exit(7)').parent)).toBe(7);
});

test('a child killed by a signal gives 128 and the number', async () => {
  expect(await exitCode(start("process.kill(process.pid, 'SIGKILL')").parent)).toBe(137);
});

test.each(['SIGINT', 'SIGTERM'] as const)(
  '%s reaches the child once, and the parent waits for it',
  async (signal) => {
    const { parent, lines } = start(`
    let count = 0;
    process.on('${signal}', () => { count++; setTimeout(() => { console.log('got ' + count); process.exit(3); }, 50); });
    setInterval(() => {}, 1000);
    console.log('ready');`);
    await once(parent.stdout, 'data');
    parent.kill(signal);
    expect(await exitCode(parent)).toBe(3);
    expect(lines).toEqual(['ready', 'got 1']);
  },
);

test('a program that does not exist is one line and exit code 1', async () => {
  const script = `
    import { exitWith, runChild } from ${JSON.stringify(join(import.meta.dirname, 'run-child.mjs'))};
    await exitWith(() => runChild('/nowhere/program', []));`;
  const parent = spawn(process.execPath, ['--input-type=module', '-e', script]);
  let printed = '';
  parent.stderr.setEncoding('utf8').on('data', (text: string) => (printed += text));
  expect(await exitCode(parent)).toBe(1);
  expect(printed).toBe('spawn /nowhere/program ENOENT\n');
});
