import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { REQUEST_FILE_LIMITS } from '../budget/file-limits';
import { text, textOf } from './content';
import type { UserContent } from './content';
import type { ModelMessage } from './model-message';
import { filesOf, withNewestFiles } from './newest-files';

const LIMITS = { files: 6, documents: 2, base64Bytes: 100 };

const picture = (bytes: number, name?: string): UserContent => ({
  type: 'image',
  mediaType: 'image/png',
  data: 'A'.repeat(bytes),
  ...(name === undefined ? {} : { name }),
});
const paper = (bytes: number, name = 'a.pdf'): UserContent => ({
  type: 'document',
  name,
  mediaType: 'application/pdf',
  data: 'A'.repeat(bytes),
});
const said = (...content: UserContent[]): ModelMessage => ({ role: 'user', content });
const result = (...content: UserContent[]): ModelMessage => ({
  role: 'user',
  content: [{ type: 'tool-result', callId: 'c', content, isError: false }, text('Next.')],
});
const answer: ModelMessage = { role: 'assistant', content: [text('Seen.')] };

describe('a conversation with many files', () => {
  it('within the limits is left alone', () => {
    const messages = [said(text('Look.'), picture(4)), answer, result(paper(4))];
    const sent = withNewestFiles(messages, LIMITS);
    expect(sent.every((message, i) => message === messages[i])).toBe(true);
  });

  it('keeps the newest half above a limit, and says of the others what they were', () => {
    const messages = [1, 2, 3, 4, 5, 6, 7].map((n) => result(text(`${n}`), picture(1, `shots/${n}.png`)));
    const sent = withNewestFiles(messages, LIMITS);
    expect(filesOf(sent).map(({ name }) => name)).toEqual(['shots/5.png', 'shots/6.png', 'shots/7.png']);
    const [first] = sent[0]?.content ?? [];
    expect(first?.type === 'tool-result' && textOf(first.content)).toBe(
      '1\n[harness] The picture "shots/1.png" was here and is left out: a request holds only so many; look at it again if it is needed.',
    );
  });

  it('drops documents only where there are too many documents', () => {
    const messages = [said(picture(1, 'old.png')), ...[1, 2, 3].map((n) => said(paper(1, `${n}.pdf`)))];
    expect(filesOf(withNewestFiles(messages, LIMITS)).map(({ name }) => name)).toEqual(['old.png', '3.pdf']);
  });

  it('makes room in bytes, and keeps the newest however large it is', () => {
    const messages = [said(picture(40, 'a')), said(picture(40, 'b')), said(picture(40, 'c'))];
    expect(filesOf(withNewestFiles(messages, LIMITS)).map(({ name }) => name)).toEqual(['c']);
    const larger = [...messages, said(picture(400, 'd'))];
    expect(filesOf(withNewestFiles(larger, LIMITS)).map(({ name }) => name)).toEqual(['d']);
  });

  it('counts a file twice that is there twice', () => {
    const same = picture(1);
    const sent = withNewestFiles(
      Array.from({ length: 7 }, () => said(same)),
      LIMITS,
    );
    expect(filesOf(sent)).toHaveLength(3);
  });
});

const file = fc
  .record({ isPaper: fc.boolean(), bytes: fc.integer({ min: 1, max: 3_000_000 }) })
  .map(({ isPaper, bytes }) => (isPaper ? paper(bytes) : picture(bytes)));
const steps = fc.array(fc.array(file, { maxLength: 3 }), { maxLength: 60 });

/** A conversation's requests, step by step, each with up to three files more. */
function requestsOf(all: readonly (readonly UserContent[])[]): readonly (readonly ModelMessage[])[] {
  const messages = all.flatMap((files) => [result(text('x'), ...files), answer]);
  return all.map((_, i) => withNewestFiles(messages.slice(0, 2 * i + 1)));
}

const beginsWith = (longer: readonly ModelMessage[], shorter: readonly ModelMessage[]): boolean =>
  JSON.stringify(longer.slice(0, shorter.length)) === JSON.stringify(shorter);

describe('whatever files come, a request', () => {
  it('is within the limits, with the newest one in it', () => {
    fc.assert(
      fc.property(steps, (all) => {
        requestsOf(all).forEach((request, i) => {
          const files = filesOf(request);
          expect(files.length).toBeLessThanOrEqual(REQUEST_FILE_LIMITS.files);
          expect(files.filter(({ type }) => type === 'document').length).toBeLessThanOrEqual(
            REQUEST_FILE_LIMITS.documents,
          );
          const bytes = files.reduce((sum, { data }) => sum + data.length, 0);
          expect(bytes).toBeLessThanOrEqual(REQUEST_FILE_LIMITS.base64Bytes);
          expect(files.at(-1)).toEqual(
            all
              .slice(0, i + 1)
              .flat()
              .at(-1),
          );
        });
      }),
      { numRuns: 30 },
    );
  });

  it('begins as the one before it, but for once in ten pictures', () => {
    fc.assert(
      fc.property(fc.array(fc.array(fc.constant(picture(9)), { maxLength: 3 }), { maxLength: 60 }), (all) => {
        const requests = requestsOf(all);
        const changes = requests.filter((request, i) => !beginsWith(request, requests[i - 1] ?? []));
        expect(changes.length).toBeLessThanOrEqual(all.flat().length / (REQUEST_FILE_LIMITS.files / 2));
      }),
      { numRuns: 30 },
    );
  });
});
