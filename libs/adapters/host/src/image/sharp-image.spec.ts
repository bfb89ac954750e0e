import { describe, expect, it } from '@jest/globals';
import type { ImageFacts } from '@swe/domain';
import { imageContract, runContract } from '@swe/testing/contracts';
import sharp from 'sharp';
import type { Sharp } from 'sharp';
import { crc32 } from 'node:zlib';
import { SharpImage } from './sharp-image';

const PNG = 'image/png';
const LIMITS = { maxBytes: 1024 * 1024, maxSidePixels: 100 };

/** Noise, so that more pixels are more bytes; always the same. */
function noise(width: number, height: number, channels: 3 | 4 = 3): Sharp {
  const pixels = Uint8Array.from({ length: width * height * channels }, (_, i) => (i * 2654435761) >>> 13);
  return sharp(pixels, { raw: { width, height, channels } });
}

function draw({ mediaType, width, height }: ImageFacts): Promise<Uint8Array> {
  const format = mediaType.slice('image/'.length) as 'png' | 'jpeg' | 'gif' | 'webp';
  return noise(width, height).toFormat(format).toBuffer();
}

/** A PNG by https://www.w3.org/TR/png-3/ whose header promises more than its few bytes of pixels. */
function claim(width: number, height: number): Uint8Array {
  const size = Buffer.alloc(8);
  size.writeUInt32BE(width, 0);
  size.writeUInt32BE(height, 4);
  return Buffer.concat([
    Buffer.from('\x89PNG\r\n\x1a\n', 'latin1'),
    chunk('IHDR', Buffer.concat([size, Buffer.from([8, 2, 0, 0, 0])])),
    chunk('IDAT', Buffer.alloc(64)),
    chunk('IEND', Buffer.alloc(0)),
  ]);
}

function chunk(type: string, data: Buffer): Buffer {
  const body = Buffer.concat([Buffer.from(type), data]);
  const [length, check] = [Buffer.alloc(4), Buffer.alloc(4)];
  length.writeUInt32BE(data.length);
  check.writeUInt32BE(crc32(body));
  return Buffer.concat([length, body, check]);
}

const image = new SharpImage();

runContract('SharpImage', imageContract, () => ({ subject: { image, draw, claim } }));

describe('SharpImage', () => {
  const invalid = expect.objectContaining({ kind: 'invalid' });

  it.each([
    ['an SVG', '<svg xmlns="http://www.w3.org/2000/svg"><image href="file:///etc/passwd"/></svg>'],
    ['an SVG behind an XML declaration', '<?xml version="1.0"?><svg xmlns="http://www.w3.org/2000/svg"/>'],
    ['a PDF', '%PDF-1.7\n'],
    ['a TIFF', 'II*\0'],
    ['a signature with nothing behind it', '\x89PNG\r\n\x1a\n'],
    ['a WebP of garbage', `RIFF\0\0\0\0WEBP${'x'.repeat(99)}`],
    ['a JPEG of garbage', `\xff\xd8\xff${'x'.repeat(99)}`],
  ])('refuses %s', async (_name, content) => {
    const bytes = Buffer.from(content, 'latin1');
    await expect(image.measure(bytes)).rejects.toEqual(invalid);
    await expect(image.scale(bytes, LIMITS)).rejects.toEqual(invalid);
  });

  it.each([PNG, 'image/jpeg', 'image/webp'])('refuses a %s that ends in the middle', async (mediaType) => {
    const whole = await draw({ mediaType, width: 60, height: 60 });
    const half = whole.subarray(0, whole.length / 2);
    await expect(image.scale(half, LIMITS)).rejects.toEqual(invalid);
    await expect(image.scale(half, { ...LIMITS, maxSidePixels: 10 })).rejects.toEqual(invalid);
  });

  it('refuses pixels that are not there, behind a good header', async () => {
    await expect(image.scale(claim(10, 10), LIMITS)).rejects.toEqual(invalid);
  });

  it('says how large a bomb is', async () => {
    const refused = image.measure(claim(50_000, 40_000));
    await expect(refused).rejects.toThrow('a picture of 50000x40000 pixels is too large to decode');
  });

  it('counts the pixels of every frame, and shows the first', async () => {
    const colours = ['red', 'green', 'blue'];
    const stills = colours.map((background) => ({
      create: { width: 20, height: 40, channels: 3 as const, background },
    }));
    const inputs = await Promise.all(stills.map((still) => sharp(still).png().toBuffer()));
    const frames = await sharp(inputs, { join: { animated: true } })
      .gif()
      .toBuffer();
    expect((await sharp(frames).metadata()).pages).toBe(3);
    const strict = new SharpImage({ maxPixels: 20 * 40 * 3 - 1 });
    await expect(strict.scale(frames, LIMITS)).rejects.toThrow('20x40 pixels in 3 frames');
    const exact = new SharpImage({ maxPixels: 20 * 40 * 3 });
    expect(await exact.scale(frames, LIMITS)).toMatchObject({ mediaType: PNG, width: 20, height: 40 });
  });

  it('turns a picture as the camera was held', async () => {
    const turned = await noise(60, 30).withMetadata({ orientation: 6 }).jpeg().toBuffer();
    expect(await image.measure(turned)).toEqual({ mediaType: 'image/jpeg', width: 30, height: 60 });
    const { bytes, ...facts } = await image.scale(turned, LIMITS);
    expect(facts).toEqual({ mediaType: 'image/jpeg', width: 30, height: 60 });
    const { orientation, width, height } = await sharp(bytes).metadata();
    expect([orientation ?? 1, width, height]).toEqual([1, 30, 60]);
  });

  it.each([
    ['a transparent WebP becomes a PNG that is', 'webp', 4, PNG, true],
    ['a WebP becomes a JPEG', 'webp', 3, 'image/jpeg', false],
    ['a photograph stays a JPEG', 'jpeg', 3, 'image/jpeg', false],
    ['a drawing stays a PNG', 'png', 3, PNG, false],
  ] as const)('%s', async (_name, format, channels, mediaType, hasAlpha) => {
    const bytes = await noise(200, 200, channels).toFormat(format).toBuffer();
    const scaled = await image.scale(bytes, LIMITS);
    expect(scaled).toMatchObject({ mediaType, width: 100, height: 100 });
    expect((await sharp(scaled.bytes).metadata()).hasAlpha).toBe(hasAlpha);
  });

  it('gives up sharpness before size, and size before the picture', async () => {
    const bytes = await noise(100, 100).blur(2).png().toBuffer();
    const kept = await image.scale(bytes, { ...LIMITS, maxBytes: bytes.length / 2 });
    expect(kept).toMatchObject({ mediaType: 'image/jpeg', width: 100 });
    const small = await image.scale(bytes, { ...LIMITS, maxBytes: 800 });
    expect(small.bytes.length).toBeLessThanOrEqual(800);
    await expect(image.scale(bytes, { ...LIMITS, maxBytes: 50 })).rejects.toThrow('does not fit');
  });
});
