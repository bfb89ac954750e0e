import { expect, it } from '@jest/globals';
import fc from 'fast-check';
import { markerIn, markerOf, withMarker, withoutMarker } from './effect-marker';

it('an effect key is hidden and found again, whatever it is', () => {
  fc.assert(
    fc.property(fc.string(), fc.string({ unit: 'grapheme' }), (body, key) => {
      const marker = markerOf(key);
      const written = withMarker(body, marker);
      expect(marker.indexOf('--', 4)).toBe(marker.length - 3);
      expect(markerIn(written)).toBe(marker);
      expect(withoutMarker(written)).toBe(body.trimEnd());
    }),
  );
});

// Thousands of these in the time of one that is read from each of its blanks: what hangs is ended by the test's limit.
it('blanks that others wrote hold nobody up', () => {
  const blanks = `x${' '.repeat(65_000)}y`;
  for (let read = 0; read < 50; read += 1) expect(markerIn(blanks)).toBeUndefined();
});

it('a key of another is none', () => {
  expect(markerOf('-->')).toBe('<!-- swe:%2D%2D%3E -->');
  expect(markerIn('Quoted: <!-- swe:key --> and more')).toBeUndefined();
  expect(withMarker('Done.', markerOf('key 1'))).not.toContain(markerOf('key'));
});
