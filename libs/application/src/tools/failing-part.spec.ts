import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { failingPart } from './failing-part';

const chatter = (from: number, to: number): string[] =>
  Array.from({ length: to - from }, (_, i) => `step ${from + i} went well`);

describe('the failing part of a log', () => {
  it('is the lines around what failed, and the end', () => {
    const log = [...chatter(0, 50), 'Error: total is off by one', ...chatter(50, 100), 'done'].join('\n');
    const part = failingPart(log, 10_000).split('\n');
    expect(part).toContain('Error: total is off by one');
    expect(part).toContain('step 44 went well');
    expect(part).toContain('step 55 went well');
    expect(part).not.toContain('step 43 went well');
    expect(part).not.toContain('step 70 went well');
    expect(part.filter((line) => line === '[...]')).toHaveLength(2);
    expect(part.at(-1)).toBe('done');
  });

  it.each(['TypeError: x is undefined', 'java.lang.NullPointerException', 'found 2 errors', '3 failures'])(
    'is told of by %j',
    (line) => {
      expect(failingPart([line, ...chatter(0, 100)].join('\n'), 10_000).split('\n')[0]).toBe(line);
    },
  );

  it('is the end of a log that tells of no failure', () => {
    const part = failingPart(chatter(0, 100).join('\n'), 10_000).split('\n');
    expect(part[0]).toBe('[...]');
    expect(part.slice(1)).toEqual(chatter(88, 100));
  });

  it('is the last of what failed when there is too much of it', () => {
    const log = Array.from({ length: 1_000 }, (_, i) => `not ok ${i}`).join('\n');
    const part = failingPart(log, 200);
    expect(part.endsWith('not ok 999')).toBe(true);
    expect(part.startsWith('[...]\n')).toBe(true);
  });

  it('is a short log as it is', () => {
    expect(failingPart('a\nerror: b\nc\n', 1_000)).toBe('a\nerror: b\nc');
    expect(failingPart('', 1_000)).toBe('');
  });

  it('is never longer than it may be, but for the marks of what is left out', () => {
    fc.assert(
      fc.property(
        fc.array(fc.constantFrom('error', 'fine', 'x'.repeat(300), ''), { maxLength: 200 }),
        fc.integer({ min: 10, max: 2_000 }),
        (lines, max) => {
          const part = failingPart(lines.join('\n'), max);
          expect(
            part
              .split('\n')
              .filter((line) => line !== '[...]')
              .join('\n').length,
          ).toBeLessThanOrEqual(max);
        },
      ),
    );
  });
});
