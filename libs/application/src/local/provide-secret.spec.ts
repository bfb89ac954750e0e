import { describe, expect, it } from '@jest/globals';
import { Fault } from '@swe/domain';
import { ManualClock } from '@swe/testing/memory';
import type { Finding } from './examine';
import { provideSecret } from './provide-secret';
import type { Operator, WantedSecret } from './provide-secret';

const NAME = '/remote-swe/slack/bot-token';
const GOOD = 'xoxb-good';

const wanted: WantedSecret = {
  step: 'slack bot',
  parameter: NAME,
  origin: 'It is under OAuth & Permissions.',
  question: 'Bot User OAuth Token',
  read: async (typed) => typed,
  async check(value) {
    if (value.startsWith(GOOD)) return '@swe in Acme';
    throw new Fault('denied', 'invalid_auth');
  },
};

interface Stored {
  readonly value: string;
  readonly isSecret: boolean;
}

/** A deployment's parameters, and somebody who answers with these words; `undefined` stands for Ctrl-C. */
async function provide(
  stored: Readonly<Record<string, Stored>>,
  answers: readonly (string | undefined)[] | 'nobody',
  {
    onRead,
    clock = new ManualClock(),
    stop = new AbortController(),
    ...over
  }: Partial<WantedSecret> & {
    onRead?(store: (value: Stored) => void): void;
    readonly clock?: ManualClock;
    readonly stop?: AbortController;
  } = {},
) {
  const parameters = new Map(Object.entries(stored));
  const told: string[] = [];
  const findings: Finding[] = [];
  const left = answers === 'nobody' ? [] : [...answers];
  const answer = async (question: string): Promise<string> => {
    told.push(question);
    if (left.length === 0) throw new Error(`nobody expected to be asked: ${question}`);
    const next = left.shift();
    if (next === undefined) throw new Fault('cancelled', 'Ctrl-C');
    return next;
  };
  const operator: Operator = { ask: answer, askSecretly: answer };
  const isProvided = await provideSecret(
    {
      ...wanted,
      ...over,
      async read(typed) {
        onRead?.((value) => parameters.set(NAME, value));
        return typed;
      },
    },
    {
      shelf: {
        find: async (name) => parameters.get(name),
        async create(name, value) {
          if (parameters.has(name)) throw new Fault('conflict', 'it is there already');
          parameters.set(name, { value, isSecret: true });
        },
        replace: async (name, value) => void parameters.set(name, { value, isSecret: true }),
      },
      operator: answers === 'nobody' ? undefined : operator,
      onFinding: (finding) => findings.push(finding),
      say: (words) => told.push(words),
      clock,
      signal: stop.signal,
    },
  ).catch((error: unknown) => error);
  expect(left).toEqual([]);
  const text = JSON.stringify([told, findings]);
  return { isProvided, now: parameters.get(NAME), told, findings, text };
}

describe('a secret', () => {
  it('that is stored and good is kept, and nobody is asked', async () => {
    const { isProvided, findings, now } = await provide({ [NAME]: { value: GOOD, isSecret: true } }, []);
    expect(isProvided).toBe(true);
    expect(findings).toEqual([{ step: 'slack bot', ok: true, detail: `${NAME}: @swe in Acme` }]);
    expect(now?.value).toBe(GOOD);
  });

  it('that is missing is asked for until it is good, and only then stored', async () => {
    const { isProvided, findings, now, told } = await provide({}, ['xoxb-bad', ` ${GOOD}-2 `]);
    expect(isProvided).toBe(true);
    expect(told[0]).toBe('It is under OAuth & Permissions.');
    expect(findings.map(({ ok, detail }) => [ok, detail])).toEqual([
      [false, `${NAME}: is not stored yet`],
      [false, 'invalid_auth'],
      [true, `${NAME}: stored, @swe in Acme`],
    ]);
    expect(now).toEqual({ value: `${GOOD}-2`, isSecret: true });
  });

  it.each([
    ['is refused by its vendor', { value: 'xoxb-old', isSecret: true }],
    ['lies in clear', { value: GOOD, isSecret: false }],
  ])('that %s is replaced when somebody says so, and else left as it is', async (_, stored) => {
    const kept = await provide({ [NAME]: stored }, ['']);
    expect([kept.isProvided, kept.now]).toEqual([false, stored]);
    const replaced = await provide({ [NAME]: stored }, ['y', `${GOOD}-2`]);
    expect([replaced.isProvided, replaced.now]).toEqual([true, { value: `${GOOD}-2`, isSecret: true }]);
  });

  it('is left for another time by Enter, and is then still missing', async () => {
    expect(await provide({}, [''])).toMatchObject({ isProvided: false, now: undefined });
    expect(await provide({}, [''], { isOptional: true })).toMatchObject({ isProvided: true, now: undefined });
  });

  it('is only looked at where nobody can be asked', async () => {
    const { isProvided, findings } = await provide({}, 'nobody');
    expect(isProvided).toBe(false);
    expect(findings).toEqual([{ step: 'slack bot', ok: false, detail: `${NAME}: is not stored yet` }]);
    const optional = await provide({}, 'nobody', { isOptional: true });
    expect(optional.findings).toEqual([expect.objectContaining({ isPassedOver: true })]);
    expect(optional.isProvided).toBe(true);
  });

  it('is not stored when its question is broken off', async () => {
    const { isProvided, now } = await provide({}, ['xoxb-bad', undefined]);
    expect(isProvided).toMatchObject({ kind: 'cancelled' });
    expect(now).toBeUndefined();
  });

  it.each([
    ['stored', { [NAME]: { value: GOOD, isSecret: true } }, []],
    ['typed', {}, [GOOD]],
  ])(
    'that is %s, and whose vendor does not answer, is waited for no longer than somebody waits',
    async (_, before, answers) => {
      const stop = new AbortController();
      const check = (): Promise<string> => {
        queueMicrotask(() => stop.abort());
        return new Promise(() => undefined);
      };
      const { isProvided, findings } = await provide(before, answers, { check, stop });
      expect(isProvided).toMatchObject({ kind: 'cancelled' });
      expect(findings.some(({ ok }) => ok)).toBe(false);
    },
  );

  it('whose vendor never answers is told as that', async () => {
    const clock = new ManualClock();
    const check = (): Promise<string> => {
      queueMicrotask(() => void clock.advance(30_000));
      return new Promise(() => undefined);
    };
    const stored = { [NAME]: { value: GOOD, isSecret: true } };
    const { isProvided, findings } = await provide(stored, 'nobody', { check, clock });
    expect(isProvided).toBe(false);
    expect(findings[0]?.detail).toContain('no answer within 30 seconds');
  });

  it('that somebody else stored meanwhile is not overwritten', async () => {
    const theirs = { value: `${GOOD}-theirs`, isSecret: true };
    const { isProvided, now } = await provide({}, [GOOD], { onRead: (store) => store(theirs) });
    expect(isProvided).toMatchObject({ kind: 'conflict' });
    expect(now).toEqual(theirs);
  });

  it('is told nowhere, whatever becomes of it', async () => {
    const { text } = await provide({ [NAME]: { value: 'xoxb-old', isSecret: true } }, [
      'y',
      'xoxb-bad',
      GOOD,
    ]);
    expect(text).not.toMatch(/xoxb-/);
  });
});
