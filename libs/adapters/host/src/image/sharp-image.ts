import { Fault, isDocumentMediaType, mediaTypeOf } from '@swe/domain';
import type { Image, ImageFacts, ImageLimits, ScaledImage } from '@swe/domain';
import sharp from 'sharp';
import type { Sharp } from 'sharp';

export interface SharpImageOptions {
  /** Of all frames together; more is refused before anything is decoded. Default 50 million. */
  readonly maxPixels?: number;
}

interface Header extends ImageFacts {
  /** The camera was held so that the pixels have to be turned to be shown. */
  readonly turned: boolean;
  readonly hasAlpha: boolean;
}

/** What every model takes, and so what `scale` gives. */
const OUTPUT_TYPES = ['image/png', 'image/jpeg'];
/** Drawings and screenshots: few colours and sharp edges, which JPEG blurs. */
const DRAWN_TYPES = ['image/png', 'image/gif'];
const JPEG_QUALITIES = [85, 70, 50];
const SHRINK = 0.7;
const MIN_SIDE_PIXELS = 16;

/**
 * Pictures by libvips (https://sharp.pixelplumbing.com): PNG, JPEG, GIF and WebP, everything else is `invalid`.
 * Sides are those of the picture as it is shown, with the camera's orientation applied. Of an animation only the
 * first frame is given.
 */
export class SharpImage implements Image {
  readonly #maxPixels: number;

  constructor({ maxPixels = 50_000_000 }: SharpImageOptions = {}) {
    this.#maxPixels = maxPixels;
  }

  async measure(bytes: Uint8Array): Promise<ImageFacts> {
    const { mediaType, width, height } = await this.#header(bytes);
    return { mediaType, width, height };
  }

  async scale(bytes: Uint8Array, { maxBytes, maxSidePixels }: ImageLimits): Promise<ScaledImage> {
    const { mediaType, width, height, turned, hasAlpha } = await this.#header(bytes);
    const longestSide = Math.max(width, height);
    const fits = longestSide <= maxSidePixels && bytes.length <= maxBytes;
    if (fits && !turned && OUTPUT_TYPES.includes(mediaType)) {
      // A good header says nothing about the pixels behind it, and a provider refuses a picture without them.
      await decoding(this.#open(bytes).stats());
      return { bytes, mediaType, width, height };
    }
    const lossless = hasAlpha || DRAWN_TYPES.includes(mediaType);
    let side = Math.min(longestSide, maxSidePixels);
    do {
      for (const encoder of lossless ? [toPng, ...JPEGS] : JPEGS) {
        const scaled = await encoded(encoder(this.#resized(bytes, side)));
        if (scaled.bytes.length <= maxBytes) return scaled;
      }
      side = Math.floor(side * SHRINK);
    } while (side >= MIN_SIDE_PIXELS);
    throw new Fault('invalid', `the picture does not fit into ${maxBytes} bytes`);
  }

  async #header(bytes: Uint8Array): Promise<Header> {
    const mediaType = mediaTypeOf(bytes);
    if (mediaType === undefined || isDocumentMediaType(mediaType)) {
      throw new Fault('invalid', 'not a PNG, JPEG, GIF or WebP picture');
    }
    // Without a limit of its own: a header costs the same whatever it says, and the refusal below can say how much.
    const metadata = await decoding(sharp(bytes, { limitInputPixels: false }).metadata());
    const { width, height } = metadata.autoOrient;
    const frames = metadata.pages ?? 1;
    if (width * height * frames > this.#maxPixels) {
      const size = `${width}x${height} pixels${frames === 1 ? '' : ` in ${frames} frames`}`;
      throw new Fault('invalid', `a picture of ${size} is too large to decode`);
    }
    const turned = (metadata.orientation ?? 1) !== 1;
    return { mediaType, width, height, turned, hasAlpha: metadata.hasAlpha };
  }

  #resized(bytes: Uint8Array, side: number): Sharp {
    return this.#open(bytes)
      .autoOrient()
      .resize({ width: side, height: side, fit: 'inside', withoutEnlargement: true });
  }

  #open(bytes: Uint8Array): Sharp {
    return sharp(bytes, { limitInputPixels: this.#maxPixels, sequentialRead: true, failOn: 'error' });
  }
}

type Encoder = (picture: Sharp) => Sharp;

const toPng: Encoder = (picture) => picture.png({ compressionLevel: 9 });
/** JPEG knows no transparency. */
const JPEGS = JPEG_QUALITIES.map(
  (quality): Encoder =>
    (picture) =>
      picture.flatten({ background: 'white' }).jpeg({ quality }),
);

async function encoded(picture: Sharp): Promise<ScaledImage> {
  const { data, info } = await decoding(picture.toBuffer({ resolveWithObject: true }));
  return { bytes: data, mediaType: `image/${info.format}`, width: info.width, height: info.height };
}

/** The library tells all failures apart by their text only; with a buffer as input they are all about its content. */
async function decoding<T>(work: Promise<T>): Promise<T> {
  try {
    return await work;
  } catch (error) {
    throw new Fault('invalid', 'the picture is damaged', { cause: error });
  }
}
