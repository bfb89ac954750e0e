import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { createServer, connect } from 'node:net';
import type { Server, Socket } from 'node:net';
import { once } from 'node:events';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { connectShell } from '@swe/adapter-host/shell';
import type { Shell } from '@swe/adapter-host/shell';
import { lives, pidIn } from '@swe/testing/host';
import { NO_PROGRAMS, openShellHost, shellOptions } from './shell-host-fixture';

const ENVIRONMENT = { PATH: '/usr/local/bin:/usr/bin:/bin' };
const MIB = 1024 * 1024;
const SLEEPER = 'echo $$ >pid.new; mv pid.new pid; exec sleep 600';
const live = new AbortController().signal;

let host: Awaited<ReturnType<typeof openShellHost>>;
let shell: Shell;
beforeEach(async () => {
  host = await openShellHost();
  shell = await connectShell(host.socketPath, shellOptions(join(host.folder, 'session'), NO_PROGRAMS));
});
afterEach(async () => {
  await shell[Symbol.asyncDispose]();
  await host.close();
});

const open = () => shell.openProcesses({ environment: ENVIRONMENT, writable: [] });
const runSpec = (script: string) => ({
  command: { script },
  cwd: '.',
  timeoutMs: 60_000,
  previewBytes: 1_000,
});
const inWorkspace = (path: string): string => join(shell.workspace.root, path);

describe('a shell over a connection', () => {
  it('tells that commands are not shut in, and why', () => {
    expect(shell.confinement).toEqual({ bare: expect.stringContaining('bwrap') });
  });

  it('ends with its connection, and with it all that runs in it', async () => {
    const processes = await open();
    await processes.start({ command: { script: SLEEPER }, cwd: '.' });
    const pid = await pidIn(inWorkspace('pid'));
    expect(lives(pid)).toBe(true);
    await shell[Symbol.asyncDispose]();
    expect(lives(pid)).toBe(false);
    await expect(shell.workspace.stat('.')).rejects.toMatchObject({ kind: 'cancelled' });
  });

  it('is transiently gone when its host ends, and opened anew on the next one', async () => {
    const processes = await open();
    const id = await processes.start({ command: { script: 'exec sleep 600' }, cwd: '.' });
    const run = processes.run(runSpec(SLEEPER), live);
    const pid = await pidIn(inWorkspace('pid'));
    const ended = expect(run).rejects.toMatchObject({ kind: 'transient' });
    await host.stop();
    await ended;
    expect(lives(pid)).toBe(false);
    await expect(processes.run(runSpec('true'), live)).rejects.toMatchObject({ kind: 'transient' });

    await host.restart();
    expect(await processes.run(runSpec('echo again'), live)).toMatchObject({ output: { head: 'again\n' } });
    await expect(processes.output(id, 0, 1)).rejects.toMatchObject({ kind: 'missing' });
  });

  it('has what is large go in pieces, and other calls in between', async () => {
    const bytes = Buffer.alloc(24 * MIB, 'abcdefg');
    const done: string[] = [];
    const written = shell.workspace.write('large', bytes).then(() => done.push('large'));
    const asked = shell.workspace.stat('.').then(() => done.push('small'));
    await Promise.all([written, asked]);
    expect(done).toEqual(['small', 'large']);
    expect(readFileSync(inWorkspace('large')).equals(bytes)).toBe(true);
    expect(Buffer.from((await shell.workspace.read('large')).bytes).equals(bytes)).toBe(true);
  });
});

describe('a credential', () => {
  const CREDENTIAL = 'our-token';
  it.each([0, MIB - 4, MIB - 64 * 1024 - 4, 3 * MIB])(
    'is found in a file at %d by who knows it, and never told to the shell',
    async (at) => {
      const asked: number[] = [];
      const snapshots = await shell.openSnapshots({
        environment: { PATH: process.env['PATH'] ?? '' },
        fetchesFrom: { folders: [], origins: [] },
        holdsCredential(_path, content) {
          asked.push(content.length);
          return Buffer.from(content).includes(CREDENTIAL);
        },
      });
      const processes = await shell.openProcesses({
        environment: { PATH: process.env['PATH'] ?? '' },
        writable: [],
      });
      await processes.run(runSpec('git init -q shop'), live);
      const content = Buffer.alloc(3 * MIB + CREDENTIAL.length, 'x');
      content.write(CREDENTIAL, at);
      mkdirSync(inWorkspace('shop'), { recursive: true });
      writeFileSync(inWorkspace('shop/file'), content);
      const taken = await snapshots.take('shop', undefined, live);
      expect(taken?.leftOut).toContainEqual({ path: 'file', why: 'credential' });
      expect(Math.max(...asked)).toBeLessThanOrEqual(MIB);
    },
  );
});

describe('what a shell host sends', () => {
  let server: Server;
  let sockets: Socket[];

  /** A host that has been taken over, and what it sends to whoever opens a shell, and to each call after that. */
  async function openHostile(...sent: readonly Buffer[]): Promise<string> {
    const socketPath = join(host.folder, 'hostile');
    sockets = [];
    server = createServer((socket) => {
      socket.on('error', () => undefined);
      const answers = [...sent];
      socket.on('data', () => {
        const next = answers.shift();
        if (next === undefined) socket.destroy();
        else socket.write(next);
      });
      sockets.push(socket);
    });
    await once(server.listen(socketPath), 'listening');
    return socketPath;
  }
  afterEach(async () => {
    const closed = new Promise<void>((resolve) => server.close(() => resolve()));
    for (const socket of sockets) socket.destroy();
    await closed;
  });

  const json = (value: unknown): Buffer => {
    const bytes = Buffer.from(JSON.stringify(value));
    const head = Buffer.alloc(5);
    head.writeUInt32BE(bytes.length);
    return Buffer.concat([head, bytes]);
  };
  const answer = {
    type: 'answer',
    id: 0,
    output: { root: '/', home: '/', confinement: { bare: 'x' } },
    bytes: 0,
  };

  it.each([
    ['no frame', Buffer.from('HTTP/1.1 200 OK\r\n\r\n')],
    ['a frame without end', Buffer.from([0xff, 0xff, 0xff, 0xff, 0])],
    ['no JSON', Buffer.from([0, 0, 0, 1, 0, 0x7b])],
    ['no message', json({ type: 'shout' })],
    ['an answer that nobody asked for', json({ ...answer, id: 2 })],
    ['more bytes than may be', json({ ...answer, bytes: 1 })],
    ['bytes that nobody announced', Buffer.from([0, 0, 0, 5, 1, 0, 0, 0, 0, 1])],
    [
      'a call in a number that is not its own',
      json({ type: 'call', id: 2, method: 'x', bytes: 0, isAborted: false }),
    ],
    [
      'a call with more bytes than may be',
      json({ type: 'call', id: 1, method: 'x', bytes: 2 ** 31, isAborted: false }),
    ],
  ])('ends the connection when it is %s', async (_name, sent) => {
    const socketPath = await openHostile(sent);
    await expect(connectShell(socketPath, shellOptions('/', NO_PROGRAMS))).rejects.toMatchObject({
      kind: 'transient',
    });
  });

  it('is refused where it is no answer to what was asked', async () => {
    const socketPath = await openHostile(json({ ...answer, output: { root: 7 } }));
    const connecting = connectShell(socketPath, shellOptions('/', NO_PROGRAMS));
    await expect(connecting).rejects.toMatchObject({ kind: 'invalid' });
  });

  const ran = {
    ...{ end: 'exited', exitCode: 0, signal: null, cwd: '.', leftovers: 0, durationMs: 1 },
    output: { head: '', tail: '', omittedBytes: 0, totalBytes: 1, spoolPath: '', spooledBytes: 0 },
  };
  const opened = [json(answer), json({ ...answer, id: 2, output: { spoolDirectory: '.swe' } })];
  const answering = (output: unknown): Buffer => json({ ...answer, id: 4, output });
  const long = 'x'.repeat(1_001);

  it.each([
    ['output', answering({ ...ran, output: { ...ran.output, head: long } })],
    ['of a path', answering({ ...ran, cwd: long.repeat(9) })],
  ])('is refused where it is more %s than was asked for', async (_name, sent) => {
    const socketPath = await openHostile(...opened, sent);
    await using hostile = await connectShell(socketPath, shellOptions('/', NO_PROGRAMS));
    const processes = await hostile.openProcesses({ environment: ENVIRONMENT, writable: [] });
    await expect(processes.run(runSpec('true'), live)).rejects.toMatchObject({ kind: 'invalid' });
  });

  it('is refused where it is more of a file than was asked for', async () => {
    const bytes = Buffer.from([0, 0, 0, 7, 1, 0, 0, 0, 2, 1, 2, 3]);
    const read = Buffer.concat([json({ ...answer, id: 2, output: { totalBytes: 3 }, bytes: 3 }), bytes]);
    const socketPath = await openHostile(json(answer), read);
    await using hostile = await connectShell(socketPath, shellOptions('/', NO_PROGRAMS));
    const reading = hostile.workspace.read('a', { offset: 0, length: 2 });
    await expect(reading).rejects.toMatchObject({ kind: 'invalid' });
  });

  it('is cut where it says at length what failed', async () => {
    const failure = { type: 'failure', id: 2, failure: { kind: 'missing', message: 'x'.repeat(100_000) } };
    const socketPath = await openHostile(json(answer), json(failure));
    await using hostile = await connectShell(socketPath, shellOptions('/', NO_PROGRAMS));
    const error = await hostile.workspace.stat('a').catch((thrown: unknown) => thrown);
    expect(error).toMatchObject({ kind: 'missing', message: expect.stringMatching(/^x{16384}$/) });
  });
});

it('a shell host reads no more than it is asked to hold from who speaks otherwise', async () => {
  const socket = connect(host.socketPath);
  await once(socket, 'connect');
  const ended = once(socket, 'close');
  socket.resume().write('GET / HTTP/1.1\r\n\r\n');
  await ended;
  expect(await shell.workspace.stat('.')).toMatchObject({ kind: 'directory' });
});
