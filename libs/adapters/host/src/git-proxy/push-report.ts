import type { RefDecision } from '@swe/domain';
import { BAND, flushPkt, onBand, pktLine, PktLineSplitter } from './pkt-line';

/**
 * The answer to a push of which nothing was done, in the words of git's own server, so that git prints each ref with its
 * reason: https://git-scm.com/docs/gitprotocol-pack#_report_status
 */
export function refusalReport(decisions: readonly RefDecision[], capabilities: ReadonlySet<string>): Buffer {
  const report = Buffer.concat([
    pktLine('unpack ok\n'),
    ...decisions.map(({ ref, refusal }) =>
      // One character per byte, as it was read.
      pktLine(
        Buffer.concat([Buffer.from(`ng ${ref} `, 'latin1'), Buffer.from(`${refusal ?? 'not pushed'}\n`)]),
      ),
    ),
    flushPkt(),
  ]);
  if (!capabilities.has('side-band-64k')) return report;
  return Buffer.concat([onBand(BAND.data, report), flushPkt()]);
}

const MAX_REPORT_BYTES = 1024 * 1024;

/** Reads along in a host's answer to a push which refs it says have moved. */
export class PushReport {
  readonly #lines = new PktLineSplitter();
  readonly #banded = new PktLineSplitter();
  readonly #hasBands: boolean;
  readonly #moved: string[] = [];
  readonly #refused: string[] = [];
  #bytes = 0;

  constructor(capabilities: ReadonlySet<string>) {
    this.#hasBands = capabilities.has('side-band-64k');
  }

  get moved(): readonly string[] {
    return this.#moved;
  }

  get refused(): readonly string[] {
    return this.#refused;
  }

  take(piece: Buffer): void {
    for (const line of this.#lines.take(piece)) {
      if (!this.#hasBands) this.#read(line);
      else if (line[0] === BAND.data)
        for (const inner of this.#banded.take(line.subarray(1))) this.#read(inner);
    }
  }

  #read(line: Buffer): void {
    this.#bytes += line.length;
    if (this.#bytes > MAX_REPORT_BYTES) return;
    const [, verdict, ref = ''] = /^(ok|ng) (\S+)/.exec(line.toString()) ?? [];
    if (verdict === 'ok') this.#moved.push(ref);
    if (verdict === 'ng') this.#refused.push(ref);
  }
}
