import { describe, expect, it } from '@jest/globals';
import { Fault } from '@swe/domain';
import fc from 'fast-check';
import { ByteReader } from './byte-reader';
import { flushPkt, pktLine } from './pkt-line';
import { MAX_COMMAND_BYTES, MAX_COMMANDS, readPushRequest } from './read-push-request';

const [A, B] = ['a'.repeat(40), 'b'.repeat(40)];
const CAPABILITIES = ' report-status-v2 side-band-64k object-format=sha1 agent=git/2.39.5';
const MAIN = 'refs/heads/main';

async function* inPieces(bytes: Buffer, length = 7): AsyncGenerator<Buffer> {
  for (let at = 0; at < bytes.length; at += length) yield bytes.subarray(at, at + length);
}
function readerOf(...parts: readonly (string | Buffer)[]): ByteReader {
  return new ByteReader(inPieces(Buffer.concat(parts.map((part) => Buffer.from(part)))), MAX_COMMAND_BYTES);
}
const command = (ref: string, capabilities = '', [from, to]: readonly string[] = [A, B]) =>
  pktLine(`${from} ${to} ${ref}${capabilities === '' ? '' : `\0${capabilities}`}`);

describe('what a push says before its pack', () => {
  it('its refs and what its client can do; the pack is left as it is', async () => {
    const reader = readerOf(command(MAIN, CAPABILITIES), command('refs/tags/v1'), flushPkt(), 'PACK1234');
    const { commands, capabilities, options } = await readPushRequest(reader);
    expect(commands).toEqual([
      { ref: MAIN, oldId: A, newId: B },
      { ref: 'refs/tags/v1', oldId: A, newId: B },
    ]);
    expect([...capabilities]).toEqual(CAPABILITIES.trim().split(' '));
    expect(options).toEqual([]);
    expect(reader.taken).toEqual(
      Buffer.concat([command(MAIN, CAPABILITIES), command('refs/tags/v1'), flushPkt()]),
    );
    const rest: Buffer[] = [];
    for await (const piece of reader.rest()) rest.push(piece);
    expect(Buffer.concat(rest).toString()).toBe('PACK1234');
  });

  it('a probe says nothing', async () => {
    expect((await readPushRequest(readerOf('0000'))).commands).toEqual([]);
  });

  it('the ends of a shallow clone go before', async () => {
    const lines = [pktLine(`shallow ${A}`), pktLine(`shallow ${B}\n`)];
    const { commands } = await readPushRequest(readerOf(...lines, command(MAIN, CAPABILITIES), '0000'));
    expect(commands).toHaveLength(1);
  });

  it('options stand between refs and pack', async () => {
    const reader = readerOf(
      command(MAIN, ' push-options'),
      '0000',
      pktLine('repo.private=false\n'),
      '0000',
      'PACK',
    );
    expect((await readPushRequest(reader)).options).toEqual(['repo.private=false']);
  });

  it('ids may be of SHA-256', async () => {
    const ids = ['a'.repeat(64), 'b'.repeat(64)];
    const { commands } = await readPushRequest(readerOf(command(MAIN, ' object-format=sha256', ids), '0000'));
    expect(commands[0]?.newId).toBe('b'.repeat(64));
  });

  it.each<[string, readonly (string | Buffer)[]]>([
    [
      'a signed push',
      [pktLine(`push-cert\0${CAPABILITIES}\n`), pktLine('certificate version 0.1\n'), '0000'],
    ],
    ['a signed push of a shallow clone', [pktLine(`shallow ${A}`), pktLine('push-cert\0a\n')]],
    ['a line that is none', ['PACK']],
    ['an empty line', ['0004']],
    ['a delimiter', ['0001']],
    ['no ref', [pktLine(`${A} ${B} `), '0000']],
    ['no new id', [pktLine(`${A} ${MAIN}`), '0000']],
    ['an id in capitals', [command(MAIN, '', [A, 'B'.repeat(40)]), '0000']],
    ['ids of two kinds', [command(MAIN, '', [A, 'b'.repeat(64)]), '0000']],
    ['ids of another kind than was said', [command(MAIN, ' object-format=sha256'), '0000']],
    ['two refs in a line', [command(MAIN, CAPABILITIES), pktLine(`${A} ${B} ${MAIN}\0${A} ${B} x`), '0000']],
    ['the ends of a shallow clone behind', [command(MAIN, CAPABILITIES), pktLine(`shallow ${A}`), '0000']],
    ['nothing', []],
    ['half a head', ['00']],
    ['half a line', ['0040abc']],
    ['no end', [command(MAIN, CAPABILITIES)]],
  ])('%s is refused', async (_name, parts) => {
    await expect(readPushRequest(readerOf(...parts))).rejects.toThrow(Fault);
  });

  it('too much is refused, by number and by size, before more of it is read', async () => {
    const many = Array.from({ length: MAX_COMMANDS + 1 }, () => command(MAIN));
    await expect(readPushRequest(readerOf(...many, '0000'))).rejects.toThrow('refs at once');
    let read = 0;
    async function* endless(): AsyncGenerator<Buffer> {
      for (;;) {
        read += 1;
        yield pktLine(`shallow ${A}`);
      }
    }
    await expect(readPushRequest(new ByteReader(endless(), 1000))).rejects.toThrow('names too much');
    expect(read).toBeLessThan(25);
  });

  it('whatever comes, it is read to its end or refused', async () => {
    const part = fc.oneof(
      fc.constantFrom('0000', '0001', 'PACK', `0032${A}`),
      fc.string().map((text) => pktLine(text || 'x').toString('latin1')),
      fc.constant(command(MAIN, CAPABILITIES).toString('latin1')),
    );
    await fc.assert(
      fc.asyncProperty(fc.array(part), async (parts) => {
        const reader = readerOf(...parts.map((text) => Buffer.from(text, 'latin1')));
        const outcome = await readPushRequest(reader).catch((error: unknown) => error);
        if (outcome instanceof Fault) return;
        expect(reader.taken.toString('latin1').endsWith('0000')).toBe(true);
      }),
    );
  });
});
