import { codedSecretsIn, secretsIn, writtenForms } from './secret-shapes';

/** How many different things of each kind were replaced. */
export interface Redacted {
  readonly secrets: number;
  readonly people: number;
  readonly addresses: number;
  readonly files: number;
}

/**
 * Takes out of a value what is nobody else's business: credentials, who people are, the bytes of their files. What it puts
 * there is as long as what was there, and the same for the same: what is counted or compared by length stays as it was.
 */
export interface Redactor {
  /** A copy of `value`. Names of fields, and what tells kinds apart, stay. */
  redact<T>(value: T): T;
  readonly redacted: Redacted;
}

export interface RedactionOptions {
  /** Credentials that are known, beside those that are told by their form. */
  readonly secrets?: Iterable<string>;
}

/** Fields whose words come from the program. */
const KEPT_FIELDS = new Set([
  ...['type', 'kind', 'status', 'from', 'to', 'class', 'stop', 'cause', 'mediaType'],
  ...['id', 'sessionId', 'callId', 'model', 'fingerprint', 'tree'],
]);

/** Accounts that stand for nobody. */
const NOBODYS = new Set(
  'root admin administrator user users agent node app git runner ubuntu debian ec2-user nobody swe local'.split(
    ' ',
  ),
);

const REQUESTER = /^(?:slack|github|cognito|key|local):([^\s#]+)$/;
const REQUESTER_FIELDS = new Set(['requester', 'mention', 'onlyFor', 'by']);
const INTRODUCTION = /^\[harness\] (.+) \([a-z]+:[^)]+\) writes:/;
const HOME = /(?:\/home|\/Users)\/([^/\s"'`:;,)\\]+)/g;
const ADDRESS = /\b([A-Za-z0-9._%+-]+)@([A-Za-z0-9-]+(?:\.[A-Za-z0-9-]+)+)\b/g;

/** A redactor by what is found in `value`: a credential that is told by its form once is known wherever it stands. */
export function createRedactor(value: unknown, { secrets = [] }: RedactionOptions = {}): Redactor {
  const known = new Set([...secrets].filter((secret) => secret.length > 0));
  const coded = new Set<string>();
  const names = new Set<string>();
  const addresses = new Set<string>();
  const aliases = new Map<string, string>();
  let files = 0;

  eachText(value, (words, field) => {
    secretsIn(words).forEach((secret) => known.add(secret));
    codedSecretsIn(words).forEach((part) => coded.add(part));
    for (const [address, local = ''] of words.matchAll(ADDRESS)) if (local !== 'git') addresses.add(address);
    for (const [, name = ''] of words.matchAll(HOME)) names.add(name);
    const introduced = INTRODUCTION.exec(words)?.[1];
    if (introduced !== undefined) names.add(introduced);
    if (REQUESTER_FIELDS.has(field))
      REQUESTER.exec(words)?.[1]
        ?.split('/')
        .forEach((part) => names.add(part));
  });
  const people = [...names].filter(
    (name) => name.length > 1 && !NOBODYS.has(name) && !/^uid-\d+$/.test(name),
  );
  const replacements: readonly (readonly [string, string])[] = [
    ...[...known].flatMap((secret) => writtenForms(secret).map((form) => [form, filler(form)] as const)),
    ...[...coded].map((part) => [part, filler(part)] as const),
  ].toSorted(([a], [b]) => b.length - a.length);
  const whoever = people
    .toSorted((a, b) => b.length - a.length)
    .map((name) => [wordOf(name), aliasOf(name)] as const);

  function redactText(words: string): string {
    let left = replacements.reduce((text, [form, other]) => text.split(form).join(other), words);
    left = left.replace(ADDRESS, (address, local: string, domain: string) =>
      addresses.has(address) ? `${aliasOf(local)}@${domain.replace(/[A-Za-z0-9]/g, 'x')}` : address,
    );
    for (const [word, alias] of whoever) left = left.replace(word, () => alias);
    return left;
  }

  function aliasOf(name: string): string {
    const alias = aliases.get(name) ?? padded(`person${aliases.size + 1}`, name.length);
    aliases.set(name, alias);
    return alias;
  }

  function redact(part: unknown, field = ''): unknown {
    if (typeof part === 'string') return KEPT_FIELDS.has(field) ? part : redactText(part);
    if (Array.isArray(part)) return part.map((each) => redact(each, field));
    if (typeof part !== 'object' || part === null) return part;
    const isFile = 'mediaType' in part && 'data' in part && typeof part.data === 'string';
    if (isFile) files += 1;
    return Object.fromEntries(
      Object.entries(part).map(([key, each]) => [
        key,
        isFile && key === 'data' ? blankBase64(String(each)) : redact(each, key),
      ]),
    );
  }

  return {
    redact: <T>(part: T): T => redact(part) as T,
    get redacted() {
      return { secrets: known.size + coded.size, people: people.length, addresses: addresses.size, files };
    },
  };
}

function eachText(part: unknown, visit: (words: string, field: string) => void, field = ''): void {
  if (typeof part === 'string') return visit(part, field);
  if (typeof part !== 'object' || part === null) return;
  for (const [key, each] of Object.entries(part)) {
    if (key === 'data' && 'mediaType' in part) continue;
    eachText(each, visit, Array.isArray(part) ? field : key);
  }
}

const wordOf = (name: string): RegExp =>
  new RegExp(`(?<![A-Za-z0-9])${name.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')}(?![A-Za-z0-9])`, 'g');

const filler = (words: string): string => padded('redacted', words.length);

/** Of exactly that length: its end is kept, where the numbers are. */
const padded = (words: string, length: number): string =>
  words.length > length ? words.slice(words.length - length) : words.padEnd(length, 'x');

const blankBase64 = (data: string): string => data.replace(/[^=]/g, 'A');
