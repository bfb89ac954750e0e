import { describe, expect, it } from '@jest/globals';
import { Fault, text, textOf } from '@swe/domain';
import { ManualClock, MemoryBlobStore, MemoryChat, MemoryWorkspace } from '@swe/testing/memory';
import { fileTaker } from './take-file';
import type { FileFitter } from './take-file';

const REF = 'slack:T/F1';
const BYTES = Uint8Array.of(0x89, 0, 255, 13, 10);

/** Shows texts only. */
const fit: FileFitter = async ({ name, declaredAs, bytes }) =>
  bytes[0] === 0x89
    ? { fits: false, refusal: `${name} (${bytes.length} bytes, sent as ${declaredAs}) cannot be shown.` }
    : { fits: true, content: [text(`${name}: ${String.fromCharCode(...bytes)}`)] };

function open() {
  const chat = new MemoryChat();
  chat.sent.set(REF, BYTES);
  const workspace = new MemoryWorkspace();
  const blobs = new MemoryBlobStore();
  const clock = new ManualClock();
  const take = async (name: string, more = {}) => {
    const { content, refusal } = await fileTaker(
      { chat, workspace, blobs, clock },
      's1',
      fit,
    )({ ref: REF, name, ...more });
    return { told: textOf(content), refusal };
  };
  const files = async () => (await workspace.list('attachments')).map(({ name }) => name);
  return { chat, workspace, blobs, clock, take, files };
}

describe('a file that a person sent', () => {
  it('is in the workspace byte for byte, and the model is told where', async () => {
    const { workspace, take } = open();
    const { told, refusal } = await take('Plan 2 (ü).pdf', { mediaType: 'application/pdf', bytes: 9 });
    const path = 'attachments/Plan 2 _ü_.pdf';
    expect(refusal).toBeUndefined();
    expect(told).toBe(
      `[harness] A file came along, which is at ${path}. ${path} (5 bytes, sent as application/pdf) cannot be shown.`,
    );
    expect((await workspace.read(path)).bytes).toEqual(BYTES);
  });

  it('is shown to the model as well where it fits', async () => {
    const { chat, take, files } = open();
    chat.sent.set('slack:T/F2', new TextEncoder().encode('Hello.'));
    expect(await take('note.txt', { ref: 'slack:T/F2' })).toEqual({
      refusal: undefined,
      told: '[harness] A file came along, which is at attachments/note.txt.\nattachments/note.txt: Hello.',
    });
    expect(await files()).toEqual(['note.txt']);
  });

  it("takes no other one's place", async () => {
    const { take, files } = open();
    for (const name of ['a.tar.gz', 'a.tar.gz', 'a.tar.gz', 'LICENSE', 'LICENSE']) await take(name);
    expect(await files()).toEqual(['LICENSE', 'LICENSE-2', 'a.tar-2.gz', 'a.tar-3.gz', 'a.tar.gz']);
  });

  it.each([
    ['../../etc/passwd', '_.._etc_passwd'],
    ['/etc/passwd', '_etc_passwd'],
    ['..', 'file'],
    ['', 'file'],
    ['.env', 'env'],
    ['-rf', 'rf'],
    ['a\nb\u0000.txt', 'a_b_.txt'],
    ['C:\\x\\y.png', 'C_x_y.png'],
    [`${'x'.repeat(300)}.png`, `${'x'.repeat(100)}.png`],
  ])('called %j gets a plain name', async (name, plain) => {
    const { take, files } = open();
    expect((await take(name)).refusal).toBeUndefined();
    expect(await files()).toEqual([plain]);
  });

  it.each([
    ['gone', 'slack:T/F9', 'there is no file slack:T/F9'],
    ['too large', 'slack:T/F2', 'a file holds 1000000 bytes, not 1000001'],
  ])('and that is %s is refused, to the person and to the model', async (_why, ref, why) => {
    const { chat, take } = open();
    chat.sent.set('slack:T/F2', new Uint8Array(1_000_001));
    const refusal = `I can't take the file a b.zip: ${why}`;
    expect(await take('a\nb.zip', { ref })).toEqual({
      refusal,
      told: `[harness] ${refusal}`,
    });
  });

  it('that finds no room on the disk is refused; a bug is not hidden', async () => {
    const { chat, workspace, blobs, clock } = open();
    const full = {
      stat: workspace.stat.bind(workspace),
      write: () => Promise.reject(new Fault('transient', 'full')),
    };
    expect(
      await fileTaker({ chat, blobs, clock, workspace: full }, 's1', fit)({ ref: REF, name: 'a' }),
    ).toMatchObject({
      refusal: "I can't take the file a: full",
    });
    const broken = { ...full, write: () => Promise.reject(new TypeError('x is undefined')) };
    await expect(
      fileTaker({ chat, blobs, clock, workspace: broken }, 's1', fit)({ ref: REF, name: 'a' }),
    ).rejects.toThrow('x is undefined');
  });

  it('is kept apart from the machine', async () => {
    const { chat, workspace, blobs, clock } = open();
    const { kept } = await fileTaker(
      { chat, workspace, blobs, clock },
      's1',
      fit,
    )({ ref: REF, name: 'a.png' });
    expect(kept?.path).toBe('attachments/a.png');
    expect(await blobs.get('s1', kept?.blobKey ?? '')).toEqual(BYTES);
  });

  it.each(['chat', 'store'])('is taken also where the %s fails for a moment', async (where) => {
    const { chat, blobs, clock, take, files } = open();
    let failures = 3;
    const failing = <T>(work: () => Promise<T>): Promise<T> => {
      failures -= 1;
      const limit = new Fault('throttled', 'slow down', { retryAfterMs: 20_000 });
      return failures < 0 ? work() : Promise.reject(failures === 1 ? limit : new Fault('transient', 'down'));
    };
    const [fetch, put] = [chat.fetch.bind(chat), blobs.put.bind(blobs)];
    if (where === 'chat') chat.fetch = (ref) => failing(() => fetch(ref));
    else blobs.put = (...args) => failing(() => put(...args));
    const taken = take('a.png');
    for (let seconds = 0; seconds < 40; seconds += 1) await clock.advance(1_000);
    expect((await taken).refusal).toBeUndefined();
    expect(await files()).toEqual(['a.png']);
  });

  it('is refused where the chat stays away', async () => {
    const { chat, clock, take } = open();
    chat.fetch = () => Promise.reject(new Fault('transient', 'Slack is down'));
    const taken = take('a.png');
    for (let seconds = 0; seconds < 40; seconds += 1) await clock.advance(1_000);
    expect((await taken).refusal).toBe("I can't take the file a.png: Slack is down");
  });
});
