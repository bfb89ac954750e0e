import { describe, expect, it } from '@jest/globals';
import { text, textOf } from '@swe/domain';
import { ManualClock, MemoryBlobStore, MemoryWorkspace } from '@swe/testing/memory';
import { showMessage } from './admit-messages';
import { wordsKeeper } from './keep-words';

const LONG = `First words.\n${'Some line of a long specification. \u{1f980}\n'.repeat(2_000)}Last words.`;

function desk() {
  const workspace = new MemoryWorkspace('/workspace');
  const blobs = new MemoryBlobStore();
  const keepWords = wordsKeeper({ workspace, blobs, clock: new ManualClock() }, 's1');
  const show = (words: string, keep = keepWords) =>
    showMessage({ requester: 'local:ada', messageKey: 'm', body: { kind: 'text', text: words } }, [], {
      keepWords: keep,
    });
  return { workspace, blobs, show };
}

describe('a message of more than 16 KB', () => {
  it('is shown as its beginning, its file and its end, the whole of it being in that file', async () => {
    const { workspace, blobs, show } = desk();
    const { content, files } = await show(LONG);
    const [shown = ''] = content.map((part) => textOf([part]));
    expect(shown).toMatch(/^First words\.\n[^]*attachments.message\.txt: read that\.[^]*Last words\.$/);
    expect(Buffer.byteLength(shown)).toBeLessThan(9_000);
    expect(new TextDecoder().decode((await workspace.read('attachments/message.txt')).bytes)).toBe(LONG);
    const [kept] = files;
    expect(kept?.path).toBe('attachments/message.txt');
    expect(await blobs.get('s1', kept?.blobKey ?? '')).toEqual(new TextEncoder().encode(LONG));
    expect((await show(LONG)).files[0]?.path).toBe('attachments/message-2.txt');
  });

  it('is shown as it is where there is no place for it', async () => {
    const { content, files } = await desk().show(LONG, async () => undefined);
    expect({ content, files }).toEqual({ content: [text(LONG)], files: [] });
  });

  it('is not what 16 KB are', async () => {
    const words = 'x'.repeat(16_384);
    expect((await desk().show(words)).content).toEqual([text(words)]);
  });
});
