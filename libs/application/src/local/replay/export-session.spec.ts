import { readFileSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';
import { createRedactor, text } from '@swe/domain';
import type { JournalEntry, OutboxEntry, Session } from '@swe/domain';
import { readCassette, writeCassette } from './cassette';
import type { Cassette } from './cassette';
import { exportSession } from './export-session';
import type { ExportOptions, ExportPorts } from './export-session';
import { replayCassette } from './replay-cassette';

const FILE = new URL('fixtures/words-on-the-way-a-question-and-a-stop.cassette.json', import.meta.url);
const settle = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

/** The store of a session, as if this cassette were what happened in it. */
function storeOf({ inbox, journal, expected }: Cassette): ExportPorts {
  return {
    store: { readInbox: async () => inbox },
    journal: {
      async *read() {
        yield* journal;
      },
    },
    outbox: {
      async find({ sessionId, effectKey }) {
        const post = expected.posts.find((each) => each.effectKey === effectKey);
        const beside = { sessionId, destination: 'terminal:x', createdAtMs: 0 };
        return post && ({ ...post, ...beside } satisfies OutboxEntry);
      },
    },
  };
}

const optionsOf = ({ setup }: Cassette, secrets: readonly string[] = []): ExportOptions => ({
  ...setup,
  priceOf: (id) => setup.models[id],
  secrets,
  settle,
});

const sessionOf = ({ session }: Cassette): Session => ({
  ...session,
  revision: 9,
  status: 'waiting',
  totals: {
    steps: 7,
    usage: { inputTokens: 0, outputTokens: 0, cacheReadTokens: 0, cacheWriteTokens: 0 },
  },
  cursor: 5,
  generation: 3,
  updatedAtMs: 0,
});

const load = (): Cassette => readCassette(readFileSync(FILE, 'utf8'));

describe('an export', () => {
  it('is a cassette that replays, with what the session asked of models and posted', async () => {
    const original = load();
    const { cassette } = await exportSession(storeOf(original), sessionOf(original), optionsOf(original));
    expect(writeCassette(cassette)).toBe(writeCassette(original));
    expect((await replayCassette(cassette, settle)).drift).toBeUndefined();
  });

  it('leaves out what machines saved of themselves, and numbers what is left', async () => {
    const original = load();
    const saved: JournalEntry = {
      kind: 'checkpoint-saved',
      atMs: original.journal[9]?.atMs ?? 0,
      journalSeq: 5,
      workingCopies: [],
      notSaved: [],
      seq: 10,
      v: 2,
    };
    const journal = original.journal.toSpliced(9, 0, saved);
    const numbered = journal.map((entry, i) => ({ ...entry, seq: i + 1 }));
    const ports = storeOf({ ...original, journal: numbered });
    const { cassette } = await exportSession(ports, sessionOf(original), optionsOf(original));
    expect(writeCassette(cassette)).toBe(writeCassette(original));
  });

  it('of a session that did what this version would not do names the first drift', async () => {
    const original = load();
    const journal = original.journal.map((entry) =>
      entry.kind === 'tool-started' && entry.callId === 'call-4-1' ? { ...entry, callId: 'call-9-9' } : entry,
    );
    const ports = storeOf({ ...original, journal });
    await expect(exportSession(ports, sessionOf(original), optionsOf(original))).rejects.toMatchObject({
      kind: 'invalid',
      message: expect.stringContaining('Drift at entry 26 of the journal (tool-started)'),
    });
  });

  it('of a session that posted what this version would not post names the post', async () => {
    const original = load();
    const { expected } = original;
    const posts = expected.posts.map((post) => ({ ...post, body: post.body.replace('four', 'five') }));
    const ports = storeOf({ ...original, expected: { ...expected, posts } });
    await expect(exportSession(ports, sessionOf(original), optionsOf(original))).rejects.toThrow('/answer-7');
  });
});

describe('a canary in a session', () => {
  const TOKEN = ['ghp', 'C4naryC4naryC4naryC4naryC4naryC4nary'].join('_');
  const OWN = 'c4nary "with" signs/+&\n';
  const PERSON = 'canarina';
  const forms = (secret: string): readonly string[] => [
    secret,
    JSON.stringify(secret).slice(1, -1),
    encodeURIComponent(secret),
    Buffer.from(secret).toString('base64'),
    Buffer.from(secret).toString('base64url'),
    Buffer.from(secret).toString('hex'),
  ];
  const marks = [...forms(TOKEN), ...forms(OWN), PERSON, `${PERSON}@example.com`];
  const found = (words: string): readonly string[] =>
    marks.filter((mark) => words.includes(mark) || words.includes(JSON.stringify(mark).slice(1, -1)));

  /** The session with every mark in what came from outside: a message, a tool's input, its result. */
  function marked(): Cassette {
    const original = load();
    const words = `${marks.join(' , ')} in /home/${PERSON}/src`;
    const journal = original.journal.map((entry): JournalEntry => {
      if (entry.kind === 'message-admitted' && entry.inboxSeq === 1) {
        return { ...entry, requester: `local:${PERSON}`, content: [text(words)] };
      }
      if (entry.kind === 'tool-finished' && entry.callId === 'call-1-1') {
        return { ...entry, content: [text(words)] };
      }
      if (entry.kind !== 'model-call-finished' || entry.callNumber !== 2) return entry;
      const content = entry.content.map((part) =>
        part.type === 'tool-call' ? { ...part, input: { path: words } } : part,
      );
      return { ...entry, content };
    });
    const inbox = original.inbox.map((item) =>
      item.seq === 1
        ? { ...item, requester: `local:${PERSON}`, body: { kind: 'text', text: words } as const }
        : item,
    );
    return { ...original, journal, inbox };
  }

  async function exported(): Promise<string> {
    const cassette = marked();
    const { expected } = cassette;
    // The question notifies whoever spoke last.
    const posts = expected.posts.map((post) =>
      post.effectKey.endsWith('/call-3-1') ? { ...post, mention: `local:${PERSON}` } : post,
    );
    const ports = storeOf({ ...cassette, expected: { ...expected, posts } });
    const { cassette: redacted } = await exportSession(
      ports,
      sessionOf(cassette),
      optionsOf(cassette, [OWN]),
    );
    expect((await replayCassette(redacted, settle)).drift).toBeUndefined();
    return writeCassette(redacted);
  }

  it('does not survive its export, however it is written', async () => {
    expect(found(await exported())).toEqual([]);
  });

  it('would survive it without redaction (control)', () => {
    expect(found(writeCassette(marked()))).toEqual(marks);
  });

  it('is counted in what was replaced', () => {
    const { redacted } = createRedactor(marked(), { secrets: [OWN] });
    expect(redacted).toMatchObject({ people: 1, addresses: 1 });
    expect(redacted.secrets).toBeGreaterThanOrEqual(2);
  });
});
