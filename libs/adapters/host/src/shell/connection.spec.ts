import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { connect, createServer } from 'node:net';
import type { Server, Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { Fault } from '@swe/domain';
import { Connection } from './connection';
import type { Answer, Call } from './connection';
import { messageFrame, PIECE_BYTES } from './frames';

const MIB = 1024 * 1024;
const NOTHING = new Uint8Array();

let folder: string;
let server: Server;
let sockets: { readonly ours: Socket; readonly theirs: Socket };
beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'connection-'));
  server = createServer();
  await once(server.listen(join(folder, 'socket')), 'listening');
  const accepted = once(server, 'connection') as Promise<[Socket]>;
  const ours = connect(join(folder, 'socket'));
  const [theirs] = await accepted;
  sockets = { ours, theirs };
});
afterEach(async () => {
  sockets.ours.destroy();
  sockets.theirs.destroy();
  await new Promise((resolve) => server.close(resolve));
  rmSync(folder, { recursive: true });
});

const caller = (serve: (call: Call) => Promise<Answer> = never): Connection =>
  new Connection(sockets.ours, { isConnecting: true, serve, maxCallBytes: MIB, servesOne: true });
const host = (serve: (call: Call) => Promise<Answer>): Connection =>
  new Connection(sockets.theirs, { isConnecting: false, serve, maxCallBytes: 64 * MIB, servesOne: false });
const never = async (): Promise<Answer> => {
  throw new Error('nobody calls');
};

describe('a connection', () => {
  it.each([
    ['throttled', new Fault('throttled', 'too much', { retryAfterMs: 7 })],
    ['denied', new Fault('denied', 'above the cap', { scope: 'session' })],
    ['missing', new Fault('missing', 'no such file', { cause: new Error('ENOENT') })],
  ])('carries a fault that is %s as it is', async (_name, fault) => {
    host(() => Promise.reject(fault));
    const { kind, message, retryAfterMs, scope } = fault;
    await expect(caller().call('x', {})).rejects.toMatchObject({ kind, message, retryAfterMs, scope });
  });

  it('carries an error that is no fault as one that is none', async () => {
    host(() => Promise.reject(new TypeError('a bug')));
    const failed = caller().call('x', {});
    await expect(failed).rejects.toThrow('a bug');
    await expect(failed).rejects.not.toBeInstanceOf(Fault);
  });

  it('carries an abort, and the answer that comes of it', async () => {
    const begun = Promise.withResolvers<void>();
    host(async ({ signal }) => {
      begun.resolve();
      if (!signal.aborted) await once(signal, 'abort');
      return { output: 'stopped', body: NOTHING };
    });
    const abort = new AbortController();
    const connection = caller();
    const called = connection.call('x', {}, { signal: abort.signal });
    await begun.promise;
    abort.abort();
    expect(await called).toMatchObject({ output: 'stopped' });
    expect(await connection.call('x', {}, { signal: abort.signal })).toMatchObject({ output: 'stopped' });
  });

  it.each(['before it is made', 'while it is served'])(
    'waits no longer for a frozen end when a call aborts %s',
    async (when) => {
      const begun = Promise.withResolvers<void>();
      host(() => {
        begun.resolve();
        return new Promise(() => undefined);
      });
      const limits = {
        isConnecting: true,
        serve: never,
        maxCallBytes: MIB,
        servesOne: true,
        abortLimitMs: 1,
      };
      const connection = new Connection(sockets.ours, limits);
      const abort = new AbortController();
      if (when === 'before it is made') abort.abort();
      const called = expect(connection.call('x', {}, { signal: abort.signal })).rejects.toMatchObject({
        kind: 'transient',
      });
      if (!abort.signal.aborted) {
        await begun.promise;
        abort.abort();
      }
      await called;
    },
  );

  it('aborts what is being served when it ends, and waits for it', async () => {
    const begun = Promise.withResolvers<void>();
    let isStopped = false;
    const serving = host(async ({ signal }) => {
      begun.resolve();
      await once(signal, 'abort');
      isStopped = true;
      return { output: '', body: NOTHING };
    });
    const called = expect(caller().call('x', {})).rejects.toMatchObject({ kind: 'transient' });
    await begun.promise;
    await serving.end();
    expect(isStopped).toBe(true);
    await called;
  });

  it('begins nothing once it has ended, whatever has arrived by then', async () => {
    let served = 0;
    const serving = host(async () => {
      served += 1;
      void serving.end();
      return { output: '', body: NOTHING };
    });
    const call = { type: 'call', method: 'x', input: {}, bytes: 0, isAborted: false };
    sockets.ours.write(Buffer.concat([0, 2].map((id) => messageFrame(JSON.stringify({ ...call, id })))));
    await serving.ended;
    await serving.end();
    expect(served).toBe(1);
  });

  it('holds no more than a piece of what the other end does not read', async () => {
    const connection = caller();
    const called = expect(connection.call('x', {}, { body: Buffer.alloc(64 * MIB) })).rejects.toThrow();
    // Until the system takes no more.
    while (!sockets.ours.writableNeedDrain) await new Promise((resolve) => setImmediate(resolve));
    expect(sockets.ours.writableLength).toBeLessThan(2 * PIECE_BYTES);
    await connection.end();
    await called;
  });

  it('ends when the other end has more calls than one, where it may not', async () => {
    let served = 0;
    const serve = async (): Promise<Answer> => ({ output: (served += 1), body: NOTHING });
    const ended = caller(serve).ended;
    const other = host(never);
    for (const expected of [1, 2]) expect(await other.call('x', {})).toMatchObject({ output: expected });
    // Their pieces come by turns.
    const calls = [1, 2].map(() => other.call('x', {}, { body: Buffer.alloc(MIB) }));
    const failed = calls.map((call) => expect(call).rejects.toMatchObject({ kind: 'transient' }));
    await ended;
    await Promise.all(failed);
    expect(served).toBe(2);
  });
});
