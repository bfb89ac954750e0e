/** Shorter ones would be found in words that have nothing to do with them. */
const MIN_LENGTH = 6;

/**
 * Takes secrets out of what a server says, by their value: as they are, in JSON, in a URL, and in Base64 (by itself, not
 * within something longer). `values` are by their names, and may grow.
 */
export function createForgetting(values: ReadonlyMap<string, string>): (said: string) => string {
  return (said) => {
    let clean = said;
    for (const [name, value] of values) {
      if (value.length < MIN_LENGTH) continue;
      for (const form of formsOf(value)) clean = clean.split(form).join(`[secret ${name}]`);
    }
    return clean;
  };
}

function formsOf(value: string): readonly string[] {
  const base64 = Buffer.from(value).toString('base64');
  const forms = [
    value,
    JSON.stringify(value).slice(1, -1),
    encodeURIComponent(value.toWellFormed()),
    base64,
    Buffer.from(value).toString('base64url'),
  ];
  // The longest first: one may be the beginning of another.
  return [...new Set(forms)].toSorted((a, b) => b.length - a.length);
}
