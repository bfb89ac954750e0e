import { createServer, request } from 'node:http';
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import type { GitProxy } from './git-proxy';
import { BRANCH, openProxyAt } from './git-proxy-fixture';
import { BAND, flushPkt, onBand, pktLine } from './pkt-line';

const MIB = 1024 * 1024;
const PACK_MIB = 200;
/** Buffers of four sockets' ends, which the system makes as large as it likes, and a few pieces in between. */
const MOST_HELD_MIB = 48;
const RESULT = Buffer.concat([
  onBand(
    BAND.data,
    Buffer.concat([pktLine('unpack ok\n'), pktLine(`ok refs/heads/${BRANCH}\n`), flushPkt()]),
  ),
  flushPkt(),
]);

/** A host that reads a push, or sends a clone, only as far as it is told to. */
let serve: (incoming: IncomingMessage, outgoing: ServerResponse) => void;
const host = createServer((incoming, outgoing) => serve(incoming, outgoing));
let proxy: GitProxy;
let origin: string;

beforeEach(async () => {
  await new Promise<void>((resolve) => host.listen(0, '127.0.0.1', resolve));
  origin = `http://127.0.0.1:${(host.address() as AddressInfo).port}`;
  proxy = await openProxyAt([origin], {
    isOfSession: () => true,
    credentials: { credential: async () => undefined },
  });
});
afterEach(async () => {
  await proxy[Symbol.asyncDispose]();
  host.closeAllConnections();
  await new Promise((resolve) => host.close(resolve));
});

function ask(service: string) {
  const values = Object.values(proxy.environment);
  const authorization = values.find((value) => value.startsWith('Authorization: '))?.slice(15) ?? '';
  const { host: name } = new URL(origin);
  return request(`${proxy.url}/${name}/acme/shop.git/${service}`, {
    method: 'POST',
    headers: { authorization, 'content-type': `application/x-${service}-request` },
  });
}

const turn = () => new Promise((resolve) => setImmediate(resolve));

describe(`what the proxy holds of ${PACK_MIB} MiB`, () => {
  it('of a push whose host does not read: next to nothing; then it all arrives', async () => {
    let arrived = 0;
    const pushed = Promise.withResolvers<IncomingMessage>();
    serve = (incoming, outgoing) => {
      if (incoming.headers['content-length'] === '4') {
        incoming.resume().on('end', () => outgoing.end());
        return;
      }
      incoming.on('end', () => outgoing.end(RESULT));
      pushed.resolve(incoming);
    };
    const client = ask('git-receive-pack');
    const answered = new Promise<IncomingMessage>((resolve) => client.on('response', resolve));
    const ids = `${'a'.repeat(40)} ${'b'.repeat(40)}`;
    client.write(pktLine(`${ids} refs/heads/${BRANCH}\0 report-status side-band-64k`));
    client.write(flushPkt());
    const incoming = await pushed.promise;
    const piece = Buffer.alloc(MIB, 'x');
    let sent = 0;
    // Until nobody takes any more: then everything between here and there is full.
    for (let idle = 0; idle < 2000 && sent < PACK_MIB;) {
      if (client.writableLength > 2 * MIB) {
        await turn();
        idle += 1;
        continue;
      }
      idle = 0;
      client.write(piece);
      sent += 1;
    }
    expect(sent).toBeLessThan(MOST_HELD_MIB);
    incoming.on('data', (bytes: Buffer) => (arrived += bytes.length));
    let most = 0;
    for (; sent < PACK_MIB; sent += 1) {
      if (!client.write(piece)) await new Promise((resolve) => client.once('drain', resolve));
      most = Math.max(most, (sent + 1) * MIB - arrived);
    }
    client.end();
    (await answered).resume();
    expect(arrived).toBeGreaterThanOrEqual(PACK_MIB * MIB);
    expect(most).toBeLessThan(MOST_HELD_MIB * MIB);
  });

  it('of a clone whose client does not read: next to nothing', async () => {
    const piece = Buffer.alloc(MIB, 'x');
    const stuck = Promise.withResolvers<number>();
    serve = (incoming, outgoing) => {
      incoming.resume();
      void (async () => {
        let sent = 0;
        for (let idle = 0; idle < 2000 && sent < PACK_MIB;) {
          if (outgoing.writableLength > 2 * MIB) {
            await turn();
            idle += 1;
            continue;
          }
          idle = 0;
          outgoing.write(piece);
          sent += 1;
        }
        stuck.resolve(sent);
      })();
    };
    const client = ask('git-upload-pack');
    const answered = new Promise<IncomingMessage>((resolve) => client.on('response', resolve));
    client.end('0000');
    await answered;
    expect(await stuck.promise).toBeLessThan(MOST_HELD_MIB);
    client.destroy();
  });
});
