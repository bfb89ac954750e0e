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

it('a key of another is none', () => {
  expect(markerOf('-->')).toBe('<!-- swe:%2D%2D%3E -->');
  expect(markerIn('Quoted: <!-- swe:key --> and more')).toBeUndefined();
  expect(withMarker('Done.', markerOf('key 1'))).not.toContain(markerOf('key'));
});
