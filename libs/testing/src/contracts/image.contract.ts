import { expect } from '@jest/globals';
import type { Image, ImageFacts } from '@swe/domain';
import { expectFault } from './expect-fault';
import type { Contract } from './run-contract';

export interface ImageSubject {
  readonly image: Image;
  /** A picture of such a type and size; its bytes grow with its pixels. */
  draw(facts: ImageFacts): Promise<Uint8Array>;
  /** The bytes of a picture that says it has such a size, with next to nothing behind its header. */
  claim(width: number, height: number): Uint8Array;
}

const LIMITS = { maxBytes: 1024 * 1024, maxSidePixels: 100 };
const OUTPUT_TYPES = ['image/png', 'image/jpeg'];
const GARBAGE = [
  '',
  'hello',
  '<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"/>',
  '\u0000'.repeat(99),
];

export const imageContract = {
  async '`measure` reads the header only; what is no picture is `invalid`'({ image, draw, claim }) {
    for (const mediaType of [...OUTPUT_TYPES, 'image/gif', 'image/webp']) {
      const facts = { mediaType, width: 30, height: 20 };
      expect(await image.measure(await draw(facts))).toEqual(facts);
    }
    expect(await image.measure(claim(40, 50))).toMatchObject({ width: 40, height: 50 });
    for (const text of GARBAGE) {
      const bytes = new TextEncoder().encode(text);
      await expectFault(image.measure(bytes), 'invalid');
      await expectFault(image.scale(bytes, LIMITS), 'invalid');
    }
  },

  async '`scale` gives a PNG or JPEG within the limits, unchanged when it already is'({ image, draw }) {
    for (const mediaType of OUTPUT_TYPES) {
      const facts = { mediaType, width: 100, height: 20 };
      const bytes = await draw(facts);
      expect(await image.scale(bytes, LIMITS)).toEqual({ ...facts, bytes });
    }
    for (const mediaType of [...OUTPUT_TYPES, 'image/gif', 'image/webp']) {
      const large = await draw({ mediaType, width: 400, height: 200 });
      const scaled = await image.scale(large, LIMITS);
      expect(scaled).toMatchObject({ width: 100, height: 50 });
      await expectFits(image, scaled);
      const tight = { maxSidePixels: 400, maxBytes: Math.floor(scaled.bytes.length / 2) };
      const small = await image.scale(large, tight);
      expect(small.bytes.length).toBeLessThanOrEqual(tight.maxBytes);
      await expectFits(image, small);
    }
  },

  async 'more pixels than can be decoded in bounded memory are `invalid`'({ image, claim }) {
    const bomb = claim(60_000, 60_000);
    await expectFault(image.scale(bomb, LIMITS), 'invalid');
    await expectFault(image.scale(bomb, { ...LIMITS, maxSidePixels: 100_000 }), 'invalid');
  },
} satisfies Contract<ImageSubject>;

/** What was given is what its bytes say, and of a type that every model takes. */
async function expectFits(image: Image, { bytes, ...facts }: ImageFacts & { readonly bytes: Uint8Array }) {
  expect(OUTPUT_TYPES).toContain(facts.mediaType);
  expect(await image.measure(bytes)).toEqual(facts);
}
