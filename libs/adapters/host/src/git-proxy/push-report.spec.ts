import { describe, expect, it } from '@jest/globals';
import { BAND, flushPkt, onBand, pktLine } from './pkt-line';
import { PushReport, refusalReport } from './push-report';

const DECISIONS = [
  { ref: 'refs/heads/main', refusal: 'not yours' },
  { ref: 'refs/heads/x', refusal: undefined },
];
const REPORT = Buffer.concat([
  pktLine('unpack ok\n'),
  pktLine('ng refs/heads/main not yours\n'),
  pktLine('ng refs/heads/x not pushed\n'),
  flushPkt(),
]);

describe('the report of a push', () => {
  it('refuses ref by ref, in the stream that the client asked for', () => {
    expect(refusalReport(DECISIONS, new Set(['report-status']))).toEqual(REPORT);
    expect(refusalReport(DECISIONS, new Set(['side-band-64k']))).toEqual(
      Buffer.concat([onBand(BAND.data, REPORT), flushPkt()]),
    );
  });

  it.each([
    ['with words between', ['side-band-64k']],
    ['bare', []],
  ])('is read along, %s, however it is cut', (_name, capabilities) => {
    const report = Buffer.concat([
      pktLine('unpack ok\n'),
      pktLine('ok refs/heads/a\n'),
      pktLine('option refname refs/heads/b\n'),
      pktLine('ng refs/heads/b pre-receive hook declined\n'),
      flushPkt(),
    ]);
    const words = onBand(BAND.words, Buffer.from('ok refs/heads/lie\n'));
    const whole =
      capabilities.length === 0
        ? report
        : Buffer.concat([
            words,
            onBand(BAND.data, report.subarray(0, 20)),
            words,
            onBand(BAND.data, report.subarray(20)),
            flushPkt(),
          ]);
    const read = new PushReport(new Set(capabilities));
    for (let at = 0; at < whole.length; at += 3) read.take(whole.subarray(at, at + 3));
    expect(read.moved).toEqual(['refs/heads/a']);
    expect(read.refused).toEqual(['refs/heads/b']);
  });
});
