import { describe, expect, it } from '@jest/globals';
import type { UserContent } from '@swe/domain';
import { toUserPart } from './to-user-part';

const base64 = (value: string) => Buffer.from(value).toString('base64');
const document = (mediaType: string, content = 'a: 1') =>
  ({ type: 'document', name: 'a "b".x', mediaType, data: base64(content) }) as const;
const file = (mediaType: string, data: string) => ({ type: 'file', mediaType, data: { type: 'data', data } });

describe('what a person or a tool shows', () => {
  it.each<[string, UserContent, boolean, unknown]>([
    ['text', { type: 'text', text: ' a\n' }, true, { type: 'text', text: ' a\n' }],
    ['an image', { type: 'image', mediaType: 'image/webp', data: 'aGk=' }, false, file('image/webp', 'aGk=')],
    [
      'a PDF',
      document('application/pdf'),
      true,
      { ...file('application/pdf', base64('a: 1')), filename: 'a "b".x' },
    ],
    [
      'a PDF for a model that takes none',
      document('application/pdf'),
      false,
      {
        type: 'text',
        text: '[harness] The document "a \\"b\\".x" (application/pdf) cannot be shown to this model.',
      },
    ],
    ['a table', document('text/csv', 'a,ü'), true, { type: 'text', text: 'Document "a \\"b\\".x":\na,ü' }],
    [
      'problem details',
      document('application/problem+json', '{}'),
      false,
      { type: 'text', text: 'Document "a \\"b\\".x":\n{}' },
    ],
    [
      'an archive',
      document('application/zip'),
      true,
      { type: 'text', text: expect.stringContaining('cannot be shown') },
    ],
  ])('%s', (_name, content, takesPdf, expected) => {
    expect(toUserPart(content, { takesPdf })).toEqual(expected);
  });
});
