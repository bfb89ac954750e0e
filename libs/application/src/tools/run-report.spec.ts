import { describe, expect, it } from '@jest/globals';
import { inBrief, outputText } from './run-report';

/** As a run gives it whose output is longer than its preview. */
function longOutput(line: (n: number) => string) {
  const whole = Array.from({ length: 20_000 }, (_, n) => line(n)).join('\n');
  const totalBytes = Buffer.byteLength(whole);
  const [head, tail] = [whole.slice(0, 4_096), whole.slice(-4_096)];
  const spool = { spoolPath: '.swe/output/c.log', spooledBytes: totalBytes };
  return { head, tail, omittedBytes: totalBytes - 8_192, totalBytes, ...spool };
}

describe('a long output in brief', () => {
  it('is how it begins and ends, by whole lines, and where all of it is', () => {
    const brief = outputText(inBrief(longOutput((n) => `line ${n}`)));
    expect(brief).toMatch(/^line 0\nline 1\n/);
    expect(brief).toMatch(
      /line \d+\n\[\.\.\. \d+ of \d+ bytes left out; all of it is in .swe.output.c.log \.\.\.\]\nline \d+\n/,
    );
    expect(brief).toMatch(/line 19998\nline 19999$/);
    expect(Buffer.byteLength(brief)).toBeLessThan(3_000);
  });

  it.each([
    ['one line without an end', () => 'x'.repeat(60)],
    ['of characters of three bytes', () => '\u6f22'.repeat(30)],
  ])('is as short when it is %s', (_name, line) => {
    expect(Buffer.byteLength(outputText(inBrief(longOutput(line))))).toBeLessThan(3_000);
  });

  it('is the whole of one that was not cut', () => {
    const output = { ...longOutput(() => 'x'), head: 'all', tail: '', omittedBytes: 0 };
    expect(inBrief(output)).toEqual(output);
  });
});
