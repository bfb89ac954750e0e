/** Four digits and up to 65516 bytes: https://git-scm.com/docs/gitprotocol-common#_pkt_line_format */
export const MAX_PKT_LINE = 65_520;
const HEAD = 4;
const FLUSH = Buffer.from('0000');

/** Which of the streams that share an answer: https://git-scm.com/docs/gitprotocol-pack#_packfile_data */
export const BAND = { data: 1, words: 2, fatal: 3 } as const;

/** A line as git sends it, its length before it. */
export function pktLine(content: string | Buffer): Buffer {
  const bytes = typeof content === 'string' ? Buffer.from(content) : content;
  return Buffer.concat([Buffer.from((bytes.length + HEAD).toString(16).padStart(4, '0')), bytes]);
}

/** What ends a list of lines. */
export function flushPkt(): Buffer {
  return FLUSH;
}

/** `content` on one of the streams of `side-band-64k`, in as many lines as it takes. */
export function onBand(band: number, content: Buffer): Buffer {
  const most = MAX_PKT_LINE - HEAD - 1;
  const lines: Buffer[] = [];
  for (let at = 0; at < content.length; at += most) {
    lines.push(pktLine(Buffer.concat([Buffer.from([band]), content.subarray(at, at + most)])));
  }
  return Buffer.concat(lines);
}

/**
 * How long the line is that begins with these four bytes, head and all; 0 for a flush. Undefined for everything else:
 * also for the delimiters of protocol version 2, which no push has.
 */
export function pktLineLength(head: Buffer): number | undefined {
  const digits = head.toString('latin1');
  if (!/^[0-9a-fA-F]{4}$/.test(digits)) return undefined;
  const length = Number.parseInt(digits, 16);
  return length === 0 || (length > HEAD && length <= MAX_PKT_LINE) ? length : undefined;
}

/** Takes lines out of bytes that come in pieces; a flush is the empty line. Stops for good at what is no line. */
export class PktLineSplitter {
  #begun = Buffer.alloc(0);
  #isBroken = false;

  *take(piece: Buffer): Generator<Buffer> {
    if (this.#isBroken) return;
    this.#begun = Buffer.concat([this.#begun, piece]);
    let at = 0;
    while (this.#begun.length - at >= HEAD) {
      const length = pktLineLength(this.#begun.subarray(at, at + HEAD));
      if (length === undefined) {
        this.#isBroken = true;
        this.#begun = Buffer.alloc(0);
        return;
      }
      const end = at + Math.max(length, HEAD);
      if (this.#begun.length < end) break;
      yield this.#begun.subarray(at + HEAD, end);
      at = end;
    }
    this.#begun = this.#begun.subarray(at);
  }
}
