import { describe, expect, it } from '@jest/globals';
import { noUsage } from '@swe/domain';
import type { NewJournalEntry } from '@swe/domain';
import { API_PATH, followedEvent, sessionEvent } from '@swe/domain/api';
import fc from 'fast-check';
import { openMemoryApi } from '@swe/testing/memory';
import type { MemoryApi } from '@swe/testing/memory';
import { openHttpApi } from './http-api';
import type { HttpApiOptions } from './http-api';

const UNLIMITED = { burst: 1_000_000, perSecond: 1 };
const openApi = (options: HttpApiOptions = {}): MemoryApi =>
  openMemoryApi((ports, rules) => openHttpApi(ports, rules, { rate: UNLIMITED, ...options })[API_PATH]);

const entryOf = (n: number): NewJournalEntry => ({
  kind: 'tool-started',
  atMs: n,
  callId: `c${n}`,
  name: 'bash',
});
const SECRET = 'what nobody else is to read';

async function begun(of: MemoryApi) {
  const { token } = await of.key(['run']);
  const made = await of.send('POST', '/sessions', { token, body: { task: 'Go.' } });
  const { id } = (await made.json()) as { id: string };
  const worker = await of.work(id);
  const follow = (last: number, signal?: AbortSignal): Promise<Response> =>
    of.send('GET', `/sessions/${id}/events`, {
      token,
      headers: { 'last-event-id': String(last) },
      ...(signal && { signal }),
    });
  return { id, follow, ...worker };
}

/** The numbers of events in a part of a stream, each proven to be as the document says. */
function seqsIn(text: string): readonly number[] {
  return [...text.matchAll(/^id: (\d+)\nevent: (\S+)\ndata: (.*)\n\n/gm)].map(([, id, type, data = '']) => {
    const event = sessionEvent.parse(JSON.parse(data));
    expect([String(event.seq), event.type]).toEqual([id, type]);
    return event.seq;
  });
}

/** Reads so many events of a response, or all, and goes away. */
async function read({ body }: Response, count = Number.POSITIVE_INFINITY): Promise<readonly number[]> {
  const seqs: number[] = [];
  const reader = body?.pipeThrough(new TextDecoderStream()).getReader();
  while (seqs.length < count) {
    const { done = true, value = '' } = (await reader?.read()) ?? {};
    if (done) break;
    seqs.push(...seqsIn(value));
  }
  await reader?.cancel();
  return seqs;
}

describe('the events of a session', () => {
  it.each([
    ['streamed', false],
    ['in responses that are sent as a whole', true],
  ])(
    'are had without a gap or a double, however often their reader comes back: %s',
    async (_name, isBrief) => {
      const part = fc.record({ written: fc.nat(5), read: fc.integer({ min: 1, max: 7 }) });
      await fc.assert(
        fc.asyncProperty(fc.array(part, { maxLength: 8 }), async (parts) => {
          const of = openApi({ isBrief });
          const { follow, append, end } = await begun(of);
          const seen: number[] = [];
          let last = 0;
          for (const { written, read: wanted } of parts) {
            if (written > 0) last = await append(...Array.from({ length: written }, (_, i) => entryOf(i)));
            const left = last - seen.length;
            if (left > 0) seen.push(...(await read(await follow(seen.length), Math.min(wanted, left))));
          }
          await end('Done.');
          while (seen.length <= last) seen.push(...(await read(await follow(seen.length))));
          expect(seen).toEqual(Array.from({ length: last + 1 }, (_, i) => i + 1));
          expect((await follow(seen.length)).status).toBe(204);
        }),
        { numRuns: 30 },
      );
    },
  );

  it('come as they happen, and end with the session', async () => {
    const of = openApi();
    const { follow, append, end } = await begun(of);
    await append(entryOf(1));
    const reading = read(await follow(0));
    await of.clock.advance(5_000);
    await append(entryOf(2), entryOf(3));
    await of.clock.advance(5_000);
    await end('Done.');
    await of.clock.advance(1_000);
    expect(await reading).toEqual([1, 2, 3, 4]);
  });

  it('come with what is under way, in its newest state and without a number, for whoever wants that', async () => {
    const of = openApi();
    const { id, append, begin, end } = await begun(of);
    const { token } = await of.key(['read']);
    const step = (text: string) => ({ step: { step: 1, text }, running: [] });
    await append(entryOf(1));
    await of.glimpses.put(id, step('of a worker that died'));
    const { body } = await of.send('GET', `/sessions/${id}/events?detail=live`, { token });
    const frames = body?.pipeThrough(new TextDecoderStream()).values();
    const next = async (): Promise<string> => (await frames?.next())?.value ?? '';
    expect([await next(), await next()]).toEqual(['retry: 1000\n\n', expect.stringMatching(/^id: 1\n/)]);
    await begin();
    for (const text of ['I', 'I lo', 'I look']) await of.glimpses.put(id, step(text));
    const reading = next();
    await of.clock.advance(250);
    const live = await reading;
    expect(live).toMatch(/^event: live\ndata: /);
    expect(followedEvent.parse(JSON.parse(live.split('data: ')[1] ?? ''))).toEqual({
      type: 'live',
      ...step('I look'),
    });
    const others = next();
    await of.clock.advance(5_000);
    await of.glimpses.put(id, { running: [] });
    await append(entryOf(2));
    await of.clock.advance(250);
    expect(await others).toMatch(/^id: 2\n/);
    await end('Done.');
  });

  it('are waited for where they can’t be streamed, and come with the end of the response', async () => {
    const of = openApi({ isBrief: true });
    const { follow, append } = await begun(of);
    const waiting = (await follow(0)).text();
    await of.clock.advance(10_000);
    await append(entryOf(1), entryOf(2));
    await of.clock.advance(1_000);
    expect(seqsIn(await waiting)).toEqual([1, 2]);
    const inVain = (await follow(2)).text();
    await of.clock.advance(25_000);
    expect(seqsIn(await inVain)).toEqual([]);
  });

  it('are no more than a response may hold that is sent as a whole', async () => {
    const of = openApi({ isBrief: true });
    const { follow, append } = await begun(of);
    const name = 'x'.repeat(100_000);
    await append(...Array.from({ length: 30 }, (_, i) => ({ ...entryOf(i), name }) as NewJournalEntry));
    const first = await (await follow(0)).text();
    expect(first.length).toBeLessThan(2_000_000);
    const [before, after] = [seqsIn(first), seqsIn(await (await follow(seqsIn(first).length)).text())];
    expect(after[0]).toBe(before.length + 1);
  });

  it('are had by two hundred readers at once, each all of them, as they come', async () => {
    const of = openApi();
    const { follow, append, end } = await begun(of);
    const readers = Array.from({ length: 200 }, async () => read(await follow(0)));
    const count = 20;
    for (let n = 1; n <= count; n += 1) {
      await append(entryOf(n));
      await of.clock.advance(1_000);
    }
    await end('Done.');
    await of.clock.advance(1_000);
    const all = Array.from({ length: count + 1 }, (_, i) => i + 1);
    for (const seqs of await Promise.all(readers)) expect(seqs).toEqual(all);
    expect(of.clock.sleeping).toBe(0);
  });

  it('show that the connection lives while there are none', async () => {
    const of = openApi();
    const { follow } = await begun(of);
    const { body } = await follow(0);
    const reader = body?.pipeThrough(new TextDecoderStream()).getReader();
    expect((await reader?.read())?.value).toBe('retry: 1000\n\n');
    const next = reader?.read();
    await of.clock.advance(20_000);
    expect((await next)?.value).toBe(': nothing new\n\n');
    await reader?.cancel();
  });

  it.each<[string, (end: AbortController, gone: AbortController, of: MemoryApi) => unknown]>([
    ['when the server closes', (end) => end.abort()],
    ['when their reader goes away', (_end, gone) => gone.abort()],
    [
      'after ten minutes, so that a key that was revoked meanwhile opens nothing',
      (_e, _g, of) => of.clock.advance(600_000),
    ],
  ])('end %s, and leave nobody waiting', async (_name, act) => {
    const [end, gone] = [new AbortController(), new AbortController()];
    const of = openApi({ ending: end.signal });
    const { follow } = await begun(of);
    const reading = (await follow(0, gone.signal)).text().catch(() => '');
    await of.clock.advance(1);
    expect(of.clock.sleeping).toBeGreaterThan(0);
    await act(end, gone, of);
    await reading;
    expect(of.clock.sleeping).toBe(0);
  });

  it('tell what was done, and neither what was thought nor what tools gave', async () => {
    const of = openApi();
    const { follow, append, end } = await begun(of);
    const callNumber = 1;
    const said = [
      { type: 'reasoning', provider: 'p', text: SECRET, opaque: SECRET },
      { type: 'text', text: 'I run the tests.', kept: { provider: 'p', opaque: SECRET } },
      { type: 'tool-call', callId: 'c1', name: 'bash', input: { command: SECRET } },
    ] as const;
    const content = [{ type: 'text', text: SECRET }] as const;
    const ran = { command: 'npm test', cwd: '/secret-folder', exitCode: 1 };
    await append(
      { kind: 'message-admitted', atMs: 1, inboxSeq: 1, requester: 'key:k', content: [...content] },
      { kind: 'model-call-started', atMs: 1, callNumber, model: 'm/x' },
      {
        kind: 'model-call-finished',
        atMs: 2,
        callNumber,
        model: 'm/x',
        content: [...said],
        stop: 'tool-use',
        usage: noUsage,
        durationMs: 1,
        failure: SECRET,
      },
      { kind: 'tool-started', atMs: 3, callId: 'c1', name: 'bash' },
      {
        kind: 'tool-finished',
        atMs: 4,
        callId: 'c1',
        name: 'bash',
        content: [...content],
        isError: true,
        durationMs: 2,
        ran,
      },
      { kind: 'effect-intended', atMs: 5, effectKey: 'e', what: 'open a pull request' },
      { kind: 'effect-done', atMs: 6, effectKey: 'e', receipt: SECRET },
      { kind: 'harness-noted', atMs: 6, cause: 'going-round', text: SECRET },
      { kind: 'context-compacted', atMs: 7, fromSeq: 1, toSeq: 2, replacement: [...content] },
      {
        kind: 'checkpoint-saved',
        atMs: 8,
        journalSeq: 1,
        workingCopies: [],
        notSaved: [{ directory: SECRET, why: SECRET }],
      },
      { kind: 'checkpoint-restored', atMs: 9, note: SECRET, unrestored: [] },
      { kind: 'wait-until', atMs: 10, wakeAtMs: 60_000, reason: 'checks run' },
    );
    await end('All is well.');
    const text = await (await follow(0)).text();
    expect(text).not.toMatch(/nobody else|secret/);
    expect(seqsIn(text)).toHaveLength(13);
    for (const shown of [
      'I run the tests.',
      'npm test',
      '"exitCode":1',
      'open a pull request',
      'All is well.',
    ]) {
      expect(text).toContain(shown);
    }
  });
});
