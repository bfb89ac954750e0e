import { describe, expect, it } from '@jest/globals';
import { createRedactor } from './redactor';
import { writtenForms } from './secret-shapes';

/** Made up here, so that nothing which looks for credentials finds one in this file. */
const made = (...parts: readonly string[]): string => parts.join('');
const KEY = made(
  '-----BEGIN RSA PRIV',
  'ATE KEY-----\nMIIEpAIBAAKCAQEA7\n+/=\n-----END RSA PRIV',
  'ATE KEY-----',
);

const SECRETS: Readonly<Record<string, string>> = {
  'a token of GitHub': made('ghp', '_0123456789abcdefghijklmnopqrstuvwxyz'),
  'a fine-grained token of GitHub': made('github', '_pat_11ABCDEFG0123456789_abcdefghijklmnop'),
  'a token of Slack': made('xoxb', '-123456789012-abcdefGHIJKL'),
  'a key of a model vendor': made('sk', '-ant-api03-abcdefghijklmnop_qrst'),
  'an access key of AWS': made('AKIA', 'IOSFODNN7EXAMPLE'),
  'a key of the HTTP API': made('swe', `_k${'0'.repeat(16)}_${'a1'.repeat(32)}`),
  'a private key': KEY,
};

describe('a redactor', () => {
  const places: Readonly<Record<string, (secret: string) => string>> = {
    raw: (secret) => `before ${secret} behind`,
    'in JSON': (secret) => JSON.stringify({ secret }),
    'in JSON in JSON': (secret) => JSON.stringify(JSON.stringify({ secret })),
    'in an address': (secret) => `https://host/?key=${encodeURIComponent(secret)}&more`,
    'in base64': (secret) => Buffer.from(`x-access-token:${secret}`).toString('base64'),
    'in base64 for addresses': (secret) => Buffer.from(`ab:${secret}`).toString('base64url'),
    'in hex': (secret) => Buffer.from(secret).toString('hex'),
  };
  const cases = Object.entries(SECRETS).flatMap(([what, secret]) =>
    Object.entries(places).map(([where, put]) => [what, where, secret, put] as const),
  );

  it.each(cases)('takes out %s %s, and keeps the length', (_what, where, secret, put) => {
    const words = put(secret);
    // In hex nothing is told by its form: there it has to be known from elsewhere.
    const value = where === 'in hex' ? { words, elsewhere: secret } : { words };
    const left = createRedactor(value).redact(value);
    expect(writtenForms(secret).filter((form) => left.words.includes(form))).toEqual([]);
    expect(left.words).toHaveLength(words.length);
  });

  it.each(cases)('is needed for %s %s', (_what, _where, secret, put) => {
    expect(writtenForms(secret).some((form) => put(secret).includes(form))).toBe(true);
  });

  it('takes out credentials that are told it, whatever they look like', () => {
    const value = ['it is "open sesame!"', 'b3BlbiBzZXNhbWUh', 'open%20sesame!'];
    const left = createRedactor(value, { secrets: ['open sesame!'] }).redact(value);
    expect(left).toEqual(['it is "redactedxxxx"', 'redactedxxxxxxxx', 'redactedxxxxxx']);
  });

  it('gives people another name, the same wherever they are met', () => {
    const value = {
      requester: 'github:ada-l',
      text: 'ada-l wrote to ada-l@example.com, not to adaptive people, in /home/lovelace/src.',
      more: '[harness] Ada Lovelace (github:ada-l) writes:',
    };
    const redactor = createRedactor(value);
    const { requester, text, more } = redactor.redact(value);
    const alias = requester.replace('github:', '');
    expect(alias).toHaveLength('ada-l'.length);
    expect(text).toContain(`${alias} wrote to ${alias}@xxxxxxx.xxx, not to adaptive people, in /home/`);
    expect(JSON.stringify([text, more])).not.toMatch(/ada-l|lovelace/i);
    expect(more).toMatch(/^\[harness\] .{12} \(github:.{5}\) writes:$/);
    expect(redactor.redacted).toEqual({ secrets: 0, people: 3, addresses: 1, files: 0 });
  });

  it('leaves accounts that are nobody, and addresses of machines', () => {
    const value = { requester: 'local:root', text: 'git@github.com:o/r.git by root in /root' };
    expect(createRedactor(value).redact(value)).toEqual(value);
  });

  it('empties files, and leaves their length', () => {
    const value = { type: 'image', mediaType: 'image/png', data: 'iVBORw0KGgo=' };
    expect(createRedactor(value).redact(value)).toEqual({ ...value, data: 'AAAAAAAAAAA=' });
  });

  it('leaves what tells kinds apart', () => {
    const value = { kind: 'state-changed', from: 'working', requester: 'github:working' };
    expect(createRedactor(value).redact(value)).toMatchObject({ kind: 'state-changed', from: 'working' });
  });
});
