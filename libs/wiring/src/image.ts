import type { Image } from '@swe/domain';

/** Pictures by sharp, whose native library takes 20 MB of memory: it is loaded for the first picture, and not before. */
export function openImage(): Image {
  let opened: Promise<Image> | undefined;
  const image = (): Promise<Image> =>
    (opened ??= import('@swe/adapter-host/image').then(({ SharpImage }) => new SharpImage()));
  return {
    measure: async (bytes) => (await image()).measure(bytes),
    scale: async (bytes, limits) => (await image()).scale(bytes, limits),
  };
}
