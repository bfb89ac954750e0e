const MAX_CHARACTERS = 200;

/** A name from outside, or a sentence, as it may stand beside the harness's own words. */
export function onOneLine(name: string, maxCharacters = MAX_CHARACTERS): string {
  const words = name.replace(/[\p{C}\s]+/gu, ' ').trim();
  return [...words].slice(0, maxCharacters).join('').toWellFormed();
}
