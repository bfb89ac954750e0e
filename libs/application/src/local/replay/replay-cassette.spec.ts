import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from '@jest/globals';
import { readCassette, writeCassette } from './cassette';
import type { Cassette } from './cassette';
import { driftWords } from './drift';
import { replayCassette } from './replay-cassette';
import type { Replay } from './replay-cassette';

const FOLDER = fileURLToPath(new URL('fixtures/', import.meta.url));
const FILES = readdirSync(FOLDER);
const settle = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));
const load = (file: string): Cassette => readCassette(readFileSync(`${FOLDER}${file}`, 'utf8'));

/** What to do where the drift is what was wanted. */
const ADVICE =
  'If this is what you changed, look at the difference, and record what is expected anew: npm run cassettes';

function told({ drift }: Replay): string {
  return drift === undefined ? 'no drift' : `${driftWords(drift)}\n${ADVICE}`;
}

describe('a recorded session', () => {
  it.each(FILES)('%s comes out the same by this version', async (file) => {
    expect(told(await replayCassette(load(file), settle))).toBe('no drift');
  });

  it('comes out the same as often as it is replayed, to the byte', async () => {
    const cassette = load(FILES[0] ?? '');
    const { recorded } = await replayCassette(cassette, settle);
    expect(writeCassette(recorded)).toBe(writeCassette(cassette));
  });

  it('takes every way that a session can go', () => {
    const kinds = new Set(FILES.flatMap((file) => load(file).journal.map(({ kind }) => kind)));
    const rare = ['effect-done', 'checkpoint-restored', 'context-compacted', 'results-shortened'];
    expect([...kinds]).toEqual(expect.arrayContaining(rare));
  });
});

it('what was found not to be pushed is told again as it was found', async () => {
  const cassette = load('a-fix-with-a-pull-request.cassette.json');
  const unpushed = [{ directory: 'shop', commits: 0, files: 2 }];
  const journal = cassette.journal.map((entry) =>
    entry.kind === 'state-changed' && entry.outcome?.kind === 'answered' ? { ...entry, unpushed } : entry,
  );
  const { drift, recorded } = await replayCassette({ ...cassette, journal }, settle, 'journal');
  expect(drift).toBeUndefined();
  expect(recorded.expected.posts.map(({ body }) => body)).toContainEqual(
    expect.stringMatching(/^\*\*Not pushed: 2 changed files in `shop`/),
  );
});

describe('a drift', () => {
  const FIX = 'a-fix-with-a-pull-request.cassette.json';
  const STEPS = 'many-steps-and-failures.cassette.json';
  type Entry = Cassette['journal'][number];
  type Edit = (entry: Entry) => Entry;

  /** The cassette that another version would have recorded. */
  const edited = (file: string, edit: Edit): Cassette => {
    const cassette = load(file);
    return { ...cassette, journal: cassette.journal.map(edit) };
  };
  const driftOf = async (cassette: Cassette) => (await replayCassette(cassette, settle)).drift;

  it('in the system prompt is named at the first model call, with the words that differ', async () => {
    const { expected, ...rest } = load(FIX);
    const [first] = expected.requests;
    const digest = first?.digest.system ?? '';
    const others = expected.texts[digest]?.replace('autonomous', 'obedient') ?? '';
    const requests = expected.requests.map((each) => ({
      ...each,
      digest: { ...each.digest, system: 'another' },
    }));
    const drift = await driftOf({
      ...rest,
      expected: { ...expected, requests, texts: { ...expected.texts, another: others } },
    });
    expect(drift?.step).toBe('model call 1, the system prompt');
    expect(drift?.expected).toContain('You are an obedient software engineer');
    expect(drift?.came).toContain('You are an autonomous software engineer');
  });

  it('by results in another order is named at the call that is not under way', async () => {
    const cassette = load(STEPS);
    const results = cassette.journal.filter(
      ({ kind, ...entry }) => kind === 'tool-finished' && 'name' in entry && entry.name !== 'read_file',
    );
    const [, a, b] = results;
    const swapped = cassette.journal.map((entry) => {
      if (a === undefined || b === undefined) return entry;
      if (entry === a) return { ...b, seq: a.seq };
      return entry === b ? { ...a, seq: b.seq } : entry;
    });
    expect(await driftOf({ ...cassette, journal: swapped })).toMatchObject({
      step: 'the result of call-3-2',
      expected: expect.stringContaining('bash is under way'),
    });
  });

  it('by another result is named at the model call that gets to see it', async () => {
    const isFirst = (entry: Entry): boolean => entry.kind === 'tool-finished' && entry.callId === 'call-1-1';
    const drift = await driftOf(
      edited(FIX, (entry) =>
        isFirst(entry) && entry.kind === 'tool-finished'
          ? { ...entry, content: [{ type: 'text', text: 'Something else.' }] }
          : entry,
      ),
    );
    expect(drift?.step).toBe('model call 2, the messages');
  });

  it('by a post more is named with the post', async () => {
    const { expected, ...rest } = load(FIX);
    const posts = expected.posts.filter((post) => !post.effectKey.includes('/answer-'));
    const drift = await driftOf({ ...rest, expected: { ...expected, posts } });
    expect(drift).toMatchObject({ step: expect.stringContaining('/answer-'), expected: 'nothing more' });
  });

  it('by a post less is named with what was to come', async () => {
    const { expected, ...rest } = load(FIX);
    const [post] = expected.posts;
    const posts = post === undefined ? [] : [...expected.posts, { ...post, effectKey: 'one/more' }];
    const drift = await driftOf({ ...rest, expected: { ...expected, posts } });
    expect(drift).toMatchObject({ step: expect.stringContaining('one/more') });
  });

  it('in the journal is named with the entry', async () => {
    const drift = await driftOf(
      edited(FIX, (entry) =>
        entry.kind === 'state-changed' && entry.outcome?.kind === 'answered'
          ? { ...entry, outcome: { kind: 'failed', cause: 'unknown' } }
          : entry,
      ),
    );
    expect(drift?.step).toMatch(/^entry \d+ of the journal \(state-changed\)$/);
  });

  it('by a session that does less than was recorded is named with what is left', async () => {
    const cassette = load(FIX);
    const [first] = cassette.journal;
    if (first === undefined) throw new Error('an empty journal');
    const more = { ...first, seq: cassette.journal.length + 1 };
    const drift = await driftOf({ ...cassette, journal: [...cassette.journal, more] });
    expect(drift).toMatchObject({ came: expect.stringContaining('the session rests') });
  });

  it('that is accepted is what is expected from then on, words of the harness included', async () => {
    const old = edited('a-machine-that-was-lost.cassette.json', (entry) =>
      entry.kind === 'model-call-started' ? { ...entry, fixedTokens: 1 } : entry,
    );
    const forgotten = { ...old, expected: { requests: [], posts: [], texts: {} } };
    expect(await driftOf(forgotten)).toBeDefined();
    const { drift, recorded } = await replayCassette(forgotten, settle, 'course');
    expect(drift).toBeUndefined();
    expect(writeCassette(recorded)).toBe(writeCassette(load('a-machine-that-was-lost.cassette.json')));
  });
});
