/**
 * What credentials look like that are told by their form alone. A group is the credential where words around it belong to
 * the form. Sources: https://docs.github.com/en/authentication/keeping-your-account-and-data-secure/about-authentication-to-github#githubs-token-formats,
 * https://docs.slack.dev/authentication/tokens, https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_identifiers.html#identifiers-prefixes
 */
const SHAPES: readonly RegExp[] = [
  /-----BEGIN [A-Z ]*PRIVATE KEY-----[\s\S]*?-----END [A-Z ]*PRIVATE KEY-----/g,
  /\bgh[pousr]_[A-Za-z0-9]{20,}/g,
  /\bgithub_pat_[A-Za-z0-9_]{20,}/g,
  /\bglpat-[A-Za-z0-9_-]{20,}/g,
  /\bxox[a-z]-[A-Za-z0-9-]{10,}/g,
  /\bxapp-[A-Za-z0-9-]{10,}/g,
  /\bsk-[A-Za-z0-9_-]{20,}/g,
  /\bnpm_[A-Za-z0-9]{30,}/g,
  /\bAIza[A-Za-z0-9_-]{30,}/g,
  /\bswe_k[0-9a-f]{16}_[0-9a-f]{64}/g,
  /\b(?:AKIA|ASIA)[A-Z0-9]{16}\b/g,
  /\beyJ[A-Za-z0-9_-]{8,}\.eyJ[A-Za-z0-9_-]{8,}\.[A-Za-z0-9_-]+/g,
  /\b(?:bearer|basic|token)\s+([A-Za-z0-9._~+/-]{16,}={0,2})/gi,
  /[a-z][a-z0-9+.-]*:\/\/[^\s/:@"']*:([^\s/@"']{4,})@/gi,
  /(?:password|passwd|secret|token|api_?key|access_?key)["']?\s*[=:]\s*["']?(?=[^\s"']*\d)(?=[^\s"']*[A-Za-z])([A-Za-z0-9_+/.~-]{12,}={0,2})/gi,
];

/** The credentials in a text, as they stand there. */
export function secretsIn(words: string): readonly string[] {
  return SHAPES.flatMap((shape) => [...words.matchAll(shape)].map(([whole, secret]) => secret ?? whole));
}

/** Every way in which a text is written that holds `secret`: as it is, and as JSON, addresses, base64 and hex have it. */
export function writtenForms(secret: string): readonly string[] {
  const bytes = Buffer.from(secret);
  const escaped = JSON.stringify(secret).slice(1, -1);
  // Base64 of a longer text holds it at any of three offsets; what its neighbours touch is left out.
  const within = [0, 1, 2].map((offset) =>
    Buffer.concat([Buffer.alloc(offset), bytes])
      .toString('base64')
      .slice(offset === 0 ? 0 : offset + 2, -4),
  );
  const forms = [
    secret,
    escaped,
    JSON.stringify(escaped).slice(1, -1),
    encodeURIComponent(secret),
    bytes.toString('base64'),
    bytes.toString('base64url'),
    bytes.toString('hex'),
    ...within,
    ...within.map((form) => form.replaceAll('+', '-').replaceAll('/', '_')),
  ];
  return [...new Set(forms)]
    .filter((form) => form === secret || form.length >= SHORTEST)
    .toSorted((a, b) => b.length - a.length);
}

/** Shorter ones are found in any text, by chance. */
const SHORTEST = 8;

const BASE64 = /[A-Za-z0-9+/_-]{24,}={0,2}/g;
const PERCENT_CODED = /[^\s"'<>]*%[0-9A-Fa-f]{2}[^\s"'<>]*/g;

/** Parts of a text that are no credential as they stand, and hold one once they are decoded. */
export function codedSecretsIn(words: string): readonly string[] {
  const base64 = [...words.matchAll(BASE64)].map(([part]) => part);
  const percent = [...words.matchAll(PERCENT_CODED)].map(([part]) => part);
  return [
    ...base64.filter((part) => holdsSecret(Buffer.from(part, 'base64').toString('latin1'))),
    ...percent.filter((part) => holdsSecret(percentDecoded(part))),
  ];
}

const holdsSecret = (words: string): boolean => secretsIn(words).length > 0;

function percentDecoded(words: string): string {
  try {
    return decodeURIComponent(words);
  } catch {
    return words;
  }
}
