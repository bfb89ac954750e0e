import { describe, expect, it } from '@jest/globals';
import { text } from '../conversation/content';
import type { DocumentContent } from '../conversation/content';
import type { NewJournalEntry } from '../session/journal-entry';
import { BOUNDLESS_TOKENS, contentTokens, FRAMING_TOKENS } from './content-tokens';
import { createInputBound } from './input-bound';
import { noUsage } from './usage';
import type { Usage } from './usage';

const MODEL = 'a/model';
const FIXED = 1_000;

const said = (words: string): NewJournalEntry => ({
  kind: 'message-admitted',
  atMs: 1,
  inboxSeq: 1,
  requester: 'local:ada',
  content: [text(words)],
});
const startedWith = (fixedTokens?: number): NewJournalEntry => ({
  kind: 'model-call-started',
  atMs: 1,
  callNumber: 1,
  model: MODEL,
  ...(fixedTokens !== undefined && { fixedTokens }),
});
const started = startedWith(FIXED);
const finished = (words: string, usage?: Usage): NewJournalEntry => ({
  kind: 'model-call-finished',
  atMs: 1,
  callNumber: 1,
  model: MODEL,
  content: [text(words)],
  stop: 'tool-use',
  ...(usage !== undefined && { usage }),
  durationMs: 1,
});
const pdf = (body: string): DocumentContent => {
  const data = Buffer.from(`%PDF-1.7 ${body} %%EOF`).toString('base64');
  return { type: 'document', name: 'a.pdf', mediaType: 'application/pdf', data };
};
/** Of as many pages as there may be: they lie in a compressed stream. */
const PACKED = pdf('1 0 obj <</Type/ObjStm/N 7>> stream ... endstream endobj');
const given = (document: DocumentContent): NewJournalEntry => ({
  ...{ kind: 'message-admitted', atMs: 1, inboxSeq: 1, requester: 'local:ada' },
  content: [document],
});
const boundOf = (entries: readonly NewJournalEntry[], model = MODEL): number => {
  const bound = createInputBound();
  entries.forEach((entry) => bound.add(entry));
  return bound.tokens(model, FIXED);
};
const tokensOf = (words: string): number => contentTokens([text(words)]);

describe('the longest that a next call’s input may be', () => {
  const usage = { ...noUsage, inputTokens: 100, cacheReadTokens: 20, cacheWriteTokens: 3, outputTokens: 9 };

  it.each<[string, readonly NewJournalEntry[], number]>([
    ['what goes with every call, before anything was said', [], FIXED],
    ['a token for every byte, before anything was reported', [said('äh')], FIXED + tokensOf('äh')],
    [
      'what was reported, with the answer and what came behind it',
      [said('Go.'), started, finished('Looking.', usage), said('And?')],
      123 + tokensOf('Looking.') + tokensOf('And?'),
    ],
    [
      'with what came while the call was under way',
      [started, said('Wait.'), finished('Looking.', usage)],
      123 + tokensOf('Wait.') + tokensOf('Looking.'),
    ],
    [
      'with the rules that came with a result',
      [
        started,
        finished('Looking.', usage),
        {
          ...{ kind: 'tool-finished', atMs: 1, callId: 'c', name: 'bash', isError: false, durationMs: 1 },
          content: [text('Done.')],
          rules: [{ path: 'shop/AGENTS.md', text: 'Use tabs.' }],
        },
      ],
      123 + tokensOf('Looking.') + contentTokens([text('Done.'), text('Use tabs.')]),
    ],
    [
      'what an earlier call reported, when the last one broke off',
      [started, finished('One.', usage), said('Go.'), started, finished('')],
      123 + tokensOf('One.') + tokensOf('Go.') + tokensOf(''),
    ],
    [
      'every byte, where a report says nothing',
      [said('Go.'), started, finished('Looking.', noUsage)],
      FIXED + tokensOf('Go.') + tokensOf('Looking.'),
    ],
    [
      'what goes with every call as well, where that is another than it was',
      [startedWith(FIXED - 1), finished('Looking.', usage)],
      123 + tokensOf('Looking.') + FIXED,
    ],
    [
      'and where nobody wrote down what it was',
      [startedWith(), finished('Looking.', usage)],
      123 + tokensOf('Looking.') + FIXED,
    ],
    [
      'what was reported, also of a document whose length nobody knows',
      [given(PACKED), started, finished('Read.', usage)],
      123 + tokensOf('Read.'),
    ],
  ])('is %s', (_name, entries, tokens) => {
    expect(boundOf(entries)).toBe(tokens);
  });

  it('is every byte for another model, which may cut words into more tokens', () => {
    const entries = [said('Go.'), started, finished('Looking.', usage)];
    expect(boundOf(entries, 'b/model')).toBe(FIXED + tokensOf('Go.') + tokensOf('Looking.'));
  });
});

describe('content in tokens, at most', () => {
  it('is never less than its bytes, and a picture is one of the largest whatever its bytes', () => {
    const words = text('Ein schönes Wort: 你好');
    expect(contentTokens([words])).toBeGreaterThan(Buffer.byteLength(words.text) + FRAMING_TOKENS);
    const picture = { type: 'image', mediaType: 'image/png', data: 'AAAA' } as const;
    expect(contentTokens([picture])).toBe(6_000 + FRAMING_TOKENS);
    const result = { type: 'tool-result' as const, callId: 'c', content: [picture], isError: false };
    expect(contentTokens([result])).toBe(6_000 + 2 * FRAMING_TOKENS);
  });

  it('is, of a document, what its pages may hold, and boundless where nobody knows them', () => {
    expect(contentTokens([pdf('1 0 obj <</Type/Pages/Count 100>> endobj')])).toBe(900_000 + FRAMING_TOKENS);
    const sheet = { type: 'document', name: 'a.xlsx', mediaType: 'application/x', data: 'AAAA' } as const;
    for (const document of [PACKED, sheet]) {
      expect(contentTokens([document])).toBe(BOUNDLESS_TOKENS + FRAMING_TOKENS);
    }
  });
});
