/** What no text has but terminals' and printers': tab, line feeds, form feed, backspace, escape. */
const CONTROLS = /[\0-\x07\x0e-\x1a\x1c-\x1f\x7f]/;

/**
 * A file's text: by its mark as UTF-16, else as UTF-8, else, since that reads any bytes, as the Latin of older Windows
 * programs. Undefined for what has control characters in it and so is no text.
 */
export function decodeText(bytes: Uint8Array): string | undefined {
  const text = decoded(bytes);
  return CONTROLS.test(text) ? undefined : text;
}

function decoded(bytes: Uint8Array): string {
  if (bytes[0] === 0xff && bytes[1] === 0xfe) return new TextDecoder('utf-16le').decode(bytes);
  if (bytes[0] === 0xfe && bytes[1] === 0xff) return new TextDecoder('utf-16be').decode(bytes);
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    return new TextDecoder('windows-1252').decode(bytes);
  }
}
