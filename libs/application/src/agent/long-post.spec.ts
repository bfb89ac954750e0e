import { describe, expect, it } from '@jest/globals';
import { longPost } from './long-post';

const limits = { maxBodyLength: 1_000, maxAttachmentBytes: 100_000 };
const paragraphs = (count: number): string =>
  Array.from({ length: count }, (_, i) => `Paragraph ${i}. ${'word '.repeat(150)}`).join('\n\n');

describe('a very long body', () => {
  it('is posted in parts while there are few', () => {
    expect(longPost('short', limits)).toBeUndefined();
    expect(longPost(paragraphs(4), limits)).toBeUndefined();
  });

  it('is posted as its beginning, with the whole of it in a file', () => {
    const body = `${paragraphs(5)} \u{1f600}`;
    const { body: head = '', file } = longPost(body, limits) ?? {};
    expect(head).toMatch(/^Paragraph 0\.[^]*\n\n_The whole answer is in the attached file answer\.md\._$/);
    expect(head.length).toBeLessThanOrEqual(limits.maxBodyLength);
    expect(file?.name).toBe('answer.md');
    expect(new TextDecoder().decode(file?.bytes)).toBe(body);
    expect(longPost(body, limits)).toEqual({ body: head, file });
  });

  it('closes the code block that its beginning ends in', () => {
    const { body: head } = longPost(`\`\`\`ts\n${'line\n'.repeat(2_000)}\`\`\``, limits) ?? {};
    expect(head).toMatch(/line\n```\n\n_The whole/);
  });

  it('is posted in parts when the chat takes no file of its size', () => {
    expect(longPost(paragraphs(9), { ...limits, maxAttachmentBytes: 1_000 })).toBeUndefined();
  });
});
