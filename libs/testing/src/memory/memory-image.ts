import { Fault } from '@swe/domain';
import type { Image, ImageFacts, ImageLimits, ScaledImage } from '@swe/domain';

const MAX_PIXELS = 100_000_000;
const MAGIC = 'memory-image';
/** As of real ones, so that they are taken for what they are. */
const SIGNATURES: Readonly<Record<string, string>> = {
  'image/png': '\x89PNG\r\n\x1a\n',
  'image/jpeg': '\xff\xd8\xff',
  'image/gif': 'GIF89a',
  'image/webp': 'RIFF0000WEBP',
};
/** So that a picture with more pixels has more bytes. */
const PIXELS_PER_BYTE = 64;
const OUTPUT_TYPES = ['image/png', 'image/jpeg'];

/** A picture that only memory images know: its facts in words, then as many bytes as its size is worth. */
export function drawMemoryImage({ mediaType, width, height }: ImageFacts): Uint8Array {
  const body = 'x'.repeat(Math.ceil((width * height) / PIXELS_PER_BYTE));
  return Buffer.from(`${headerOf({ mediaType, width, height })}${body}`, 'latin1');
}

/** The header of such a picture, with nothing behind it. */
export function claimMemoryImage(width: number, height: number): Uint8Array {
  return Buffer.from(headerOf({ mediaType: 'image/png', width, height }), 'latin1');
}

/** Pictures as words, without a pixel. */
export class MemoryImage implements Image {
  async measure(bytes: Uint8Array): Promise<ImageFacts> {
    const [, magic, mediaType = '', width, height] = Buffer.from(bytes).toString('latin1').split(' ');
    if (magic !== MAGIC) throw new Fault('invalid', 'not a picture');
    return { mediaType, width: Number(width), height: Number(height) };
  }

  async scale(bytes: Uint8Array, { maxBytes, maxSidePixels }: ImageLimits): Promise<ScaledImage> {
    const facts = await this.measure(bytes);
    if (facts.width * facts.height > MAX_PIXELS) throw new Fault('invalid', 'the picture is too large');
    const isOutput = OUTPUT_TYPES.includes(facts.mediaType);
    const longest = Math.max(facts.width, facts.height);
    if (isOutput && longest <= maxSidePixels && bytes.length <= maxBytes) return { ...facts, bytes };
    const mediaType = isOutput ? facts.mediaType : 'image/png';
    for (let side = Math.min(longest, maxSidePixels); side > 0; side -= 1) {
      const [width, height] = [facts.width, facts.height].map((length) =>
        Math.max(1, Math.round((length * side) / longest)),
      ) as [number, number];
      const scaled = drawMemoryImage({ mediaType, width, height });
      if (scaled.length <= maxBytes) return { mediaType, width, height, bytes: scaled };
    }
    throw new Fault('invalid', `the picture does not fit into ${maxBytes} bytes`);
  }
}

function headerOf({ mediaType, width, height }: ImageFacts): string {
  return `${SIGNATURES[mediaType] ?? ''} ${MAGIC} ${mediaType} ${width} ${height} `;
}
