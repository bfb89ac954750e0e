import { Fault } from '@swe/domain';

/**
 * What goes over a connection, one after the other: a message, as JSON, or a piece of the bytes that belong to one.
 * As it is sent: four bytes with the length of the rest, one with the kind, of a piece four more with the number.
 */
export type Frame =
  | { readonly kind: 'message'; readonly json: string }
  | { readonly kind: 'piece'; readonly id: number; readonly bytes: Buffer };

const HEAD_BYTES = 5;
const ID_BYTES = 4;
const MESSAGE = 0;
const PIECE = 1;

/** So large that they cost little, so small that what is urgent gets in between. */
export const PIECE_BYTES = 256 * 1024;
/** The entries of a folder with hundreds of thousands of them. */
export const MAX_MESSAGE_BYTES = 64 * 1024 * 1024;

export function messageFrame(json: string): Buffer {
  const bytes = Buffer.from(json);
  if (bytes.length > MAX_MESSAGE_BYTES)
    throw new Fault('invalid', 'more than goes to or from a shell at once');
  return Buffer.concat([head(bytes.length, MESSAGE), bytes]);
}

/** What goes before the bytes of a piece. */
export function pieceHead(id: number, length: number): Buffer {
  const number = Buffer.alloc(ID_BYTES);
  number.writeUInt32BE(id);
  return Buffer.concat([head(ID_BYTES + length, PIECE), number]);
}

function head(length: number, kind: number): Buffer {
  const bytes = Buffer.alloc(HEAD_BYTES);
  bytes.writeUInt32BE(length);
  bytes.writeUInt8(kind, HEAD_BYTES - 1);
  return bytes;
}

/** Reads frames from bytes as they come. `invalid` at what is none; what is cut off at the end is no frame. */
export async function* readFrames(source: AsyncIterable<Buffer>): AsyncGenerator<Frame> {
  let have: Buffer[] = [];
  let length = 0;
  const take = (wanted: number): Buffer => {
    const all = have.length === 1 ? have[0]! : Buffer.concat(have);
    have = [all.subarray(wanted)];
    length -= wanted;
    return all.subarray(0, wanted);
  };
  let begun: { readonly bytes: number; readonly kind: number } | undefined;
  for await (const some of source) {
    have.push(some);
    length += some.length;
    for (;;) {
      if (begun === undefined) {
        if (length < HEAD_BYTES) break;
        begun = readHead(take(HEAD_BYTES));
      }
      if (length < begun.bytes) break;
      yield toFrame(begun.kind, take(begun.bytes));
      begun = undefined;
    }
  }
}

function readHead(bytes: Buffer): { readonly bytes: number; readonly kind: number } {
  const [length, kind] = [bytes.readUInt32BE(), bytes.readUInt8(HEAD_BYTES - 1)];
  const isPiece = kind === PIECE && length >= ID_BYTES && length <= ID_BYTES + PIECE_BYTES;
  const isMessage = kind === MESSAGE && length <= MAX_MESSAGE_BYTES;
  if (!isPiece && !isMessage) throw new Fault('invalid', `no frame: ${length} bytes of kind ${kind}`);
  return { bytes: length, kind };
}

function toFrame(kind: number, bytes: Buffer): Frame {
  if (kind === MESSAGE) return { kind: 'message', json: bytes.toString() };
  return { kind: 'piece', id: bytes.readUInt32BE(), bytes: bytes.subarray(ID_BYTES) };
}
