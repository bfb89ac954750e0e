export interface ImageFacts {
  readonly mediaType: string;
  readonly width: number;
  readonly height: number;
}

export interface ImageLimits {
  readonly maxBytes: number;
  readonly maxSidePixels: number;
}

export interface ScaledImage extends ImageFacts {
  readonly bytes: Uint8Array;
}

/**
 * Pictures for models.
 *
 * - `measure` reads the header only; what is no picture is `invalid`
 * - `scale` gives a PNG or JPEG within the limits, unchanged when it already is
 * - more pixels than can be decoded in bounded memory are `invalid`
 */
export interface Image {
  measure(bytes: Uint8Array): Promise<ImageFacts>;
  scale(bytes: Uint8Array, limits: ImageLimits): Promise<ScaledImage>;
}
