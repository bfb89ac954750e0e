const SIGNATURES: readonly (readonly [mediaType: string, pattern: RegExp])[] = [
  ['image/png', /^\x89PNG\r\n\x1a\n/],
  ['image/jpeg', /^\xff\xd8\xff/],
  ['image/gif', /^GIF8[79]a/],
  ['image/webp', /^RIFF[^]{4}WEBP/],
];

/**
 * The picture's type by its first bytes, undefined for anything but PNG, JPEG, GIF and WebP. Looked at before a
 * decoder is: formats that can name files or hold programs (SVG, PDF) never reach one.
 */
export function mediaTypeOf(bytes: Uint8Array): string | undefined {
  const start = Buffer.from(bytes.subarray(0, 12)).toString('latin1');
  return SIGNATURES.find(([, pattern]) => pattern.test(start))?.[0];
}
