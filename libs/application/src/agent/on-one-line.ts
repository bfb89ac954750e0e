const MAX_CHARACTERS = 200;

/** A name from outside as it may stand beside the harness's own words. */
export function onOneLine(name: string): string {
  const words = name.replace(/[\p{C}\s]+/gu, ' ').trim();
  return [...words].slice(0, MAX_CHARACTERS).join('').toWellFormed();
}
