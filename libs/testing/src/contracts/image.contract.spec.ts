import type { Image } from '@swe/domain';
import { claimMemoryImage, drawMemoryImage, MemoryImage } from '../memory/memory-image';
import { imageContract } from './image.contract';
import type { ImageSubject } from './image.contract';
import { override } from '../memory/override';
import { proveBites } from './run-contract';

function broken(changesOf: (image: MemoryImage) => Partial<Image>) {
  return (): { subject: ImageSubject } => {
    const image = new MemoryImage();
    const draw: ImageSubject['draw'] = async (facts) => drawMemoryImage(facts);
    return { subject: { image: override<Image>(image, changesOf(image)), draw, claim: claimMemoryImage } };
  };
}

proveBites('Image', imageContract, {
  '`measure` reads the header only; what is no picture is `invalid`': broken((image) => ({
    measure: (bytes) =>
      image.measure(bytes).catch(() => ({ mediaType: 'image/svg+xml', width: 9, height: 9 })),
  })),
  '`scale` gives a PNG or JPEG within the limits, unchanged when it already is': broken((image) => ({
    scale: (bytes, { maxSidePixels }) => image.scale(bytes, { maxSidePixels, maxBytes: Infinity }),
  })),
  'more pixels than can be decoded in bounded memory are `invalid`': broken((image) => ({
    scale: async (bytes, limits) => {
      await image.measure(bytes);
      return image
        .scale(bytes, limits)
        .catch(() => image.scale(drawMemoryImage({ mediaType: 'image/png', width: 9, height: 9 }), limits));
    },
  })),
});
