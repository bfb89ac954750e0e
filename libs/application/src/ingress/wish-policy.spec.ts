import { describe, expect, it } from '@jest/globals';
import { BUILT_IN_MODELS, newSession, toNanoUsd } from '@swe/domain';
import type { Session } from '@swe/domain';
import type { WishCommand } from './parse-command';
import { answerWish } from './wish-policy';
import type { WishedOf, WishRules } from './wish-policy';

const OPUS = 'anthropic/claude-opus-5-5';
const OWN = 'openai-compatible/llama';
const rules: WishRules = {
  catalog: BUILT_IN_MODELS,
  models: [OPUS],
  providers: ['anthropic', 'openai-compatible'],
  capNanoUsd: toNanoUsd(10),
};
const session = newSession(
  {
    messageKey: 'm',
    origin: 'slack:T/C/1.1',
    requester: 'slack:T/UADA',
    addressed: true,
    body: { kind: 'text', text: 'Go.' },
    receivedAtMs: 1,
  },
  1,
);

const answer = (command: WishCommand, over: Partial<Session> = {}, more: Partial<WishRules> = {}) =>
  answerWish(
    command,
    { session: { ...session, ...over }, spentNanoUsd: toNanoUsd(1.2), nowMs: 7, requester: 'slack:T/UBOB' },
    { ...rules, ...more },
  );

describe('budget', () => {
  it('says what is spent of what may be', () => {
    expect(answer({ name: 'budget' })).toEqual({ text: expect.stringContaining('$1.20 of $10.00 spent') });
    expect(answer({ name: 'budget' }, { capNanoUsd: toNanoUsd(20) }).text).toContain('$1.20 of $20.00');
  });

  it('sets what may be, and says when that is too little for a further step', () => {
    const more = answer({ name: 'budget', usd: 20 });
    expect(more).toEqual({
      text: 'The budget of this session is $20.00 now; $1.20 is spent.',
      change: { capNanoUsd: toNanoUsd(20) },
    });
    expect(answer({ name: 'budget', usd: 1 }).text).toMatch(/no further step/);
  });

  it.each([
    ['calls a machine to work that it was put down over', 10, 20, 7],
    ['calls none with as little as before', 10, 10, undefined],
    ['calls none with less', 10, 5, undefined],
  ])('%s', (_name, denied, usd, retryAtMs) => {
    const { change } = answer({ name: 'budget', usd }, { deniedCapNanoUsd: toNanoUsd(denied) });
    expect(change?.retryAtMs).toBe(retryAtMs);
  });
});

describe('agent', () => {
  const agents = [
    { name: 'reviewer', description: 'Reviews.' },
    { name: 'writer', description: '' },
  ];
  const wish = (agent?: string, known: WishedOf['agents'] = agents, wishedAgent?: string) =>
    answerWish(
      { name: 'agent', ...(agent !== undefined && { agent }) },
      {
        session: { ...session, ...(wishedAgent !== undefined && { wishedAgent }) },
        spentNanoUsd: 0,
        agents: known,
        nowMs: 7,
        requester: 'slack:T/UBOB',
      },
      rules,
    );

  it('says which one works, and which could', () => {
    const { text, change } = wish();
    expect(text).toMatch(/works as the agent that all have[^]*- `reviewer`: Reviews\.\n- `writer`$/);
    expect(change).toBeUndefined();
    expect(wish(undefined, [], 'writer').text).toMatch(/works as `writer`/);
  });

  it('chooses one, from the next turn on, and goes back', () => {
    expect(wish('reviewer')).toEqual({
      text: 'This session works as `reviewer`, from its next turn on.',
      change: { wishedAgent: 'reviewer' },
    });
    expect(wish('default', agents, 'reviewer').change).toEqual({ wishedAgent: undefined });
  });

  it('says which there are, to a name that none has', () => {
    expect(wish('nobody')).toEqual({ text: 'There is no agent `nobody`. There are: `reviewer`, `writer`.' });
    expect(wish('nobody', []).text).toBe('There is no agent `nobody`. Nobody has made any here.');
  });

  it('takes any name where only the agent’s machine knows them', () => {
    const answered = answerWish(
      { name: 'agent', agent: 'reviewer' },
      { session, spentNanoUsd: 0, nowMs: 7, requester: 'slack:T/UBOB' },
      rules,
    );
    expect(answered).toEqual({
      text: expect.stringMatching(/if there is one/),
      change: { wishedAgent: 'reviewer' },
    });
  });
});

describe('model', () => {
  it('says which one works, and which could', () => {
    expect(answer({ name: 'model' }).text).toMatch(
      /works with `anthropic\/claude-opus-5-5`\.[^]*- `anthropic\/claude-haiku-5-5`/,
    );
    expect(answer({ name: 'model' }).text).not.toContain('openai/');
    expect(answer({ name: 'model' }, { wishedModel: 'anthropic/claude-opus-5' }).text).toContain(
      'works with `anthropic/claude-opus-5`.',
    );
    expect(answer({ name: 'model' }, {}, { models: [] }).text).toContain('Nobody wished for a model');
  });

  it.each<[string, string, Partial<WishRules>?]>([
    ['that is known', 'anthropic/claude-haiku-5-5'],
    ['that is set for all, though nobody else knows it', 'openai/next', { models: ['openai/next'] }],
    ['of one’s own server that is set for all', OWN, { models: [OPUS, OWN] }],
    ['of one’s own server that has a price', OWN, { catalog: [{ ...BUILT_IN_MODELS[0]!, id: OWN }] }],
    ['of a provider of which any will do', 'rehearsal/echo', { providers: ['rehearsal'] }],
  ])('takes one %s', (_name, id, more = {}) => {
    expect(answer({ name: 'model', id }, {}, more).change).toEqual({ wishedModel: id });
  });

  it.each<[string, string, RegExp, Partial<WishRules>?]>([
    [
      'that nobody knows, naming those close to it',
      'anthropic/claude-opus-55',
      /Close to it: anthropic\/claude-opus/,
    ],
    ['that can’t be spoken to', 'openai/gpt-6-sol', /not known\. Close to it: anthropic\//],
    ['where none can be', 'bedrock/x', /can't reach/, { providers: [] }],
    ['of one’s own server that nobody knows, for it would be free', OWN, /what `openai-compatible/],
    [
      'of one’s own server, where one like it is known',
      OWN,
      /SWE_MODEL_CATALOG/,
      { catalog: [{ ...BUILT_IN_MODELS[0]!, id: `${OWN}-2` }], providers: ['openai-compatible'] },
    ],
    [
      'of one’s own server, where there is none',
      'openai-compatible/llama',
      /not known/,
      { providers: ['anthropic'] },
    ],
  ])('refuses one %s', (_name, id, words, more = {}) => {
    expect(answer({ name: 'model', id }, {}, more)).toEqual({ text: expect.stringMatching(words) });
  });

  it('goes back to what is set for all', () => {
    const { text, change } = answer(
      { name: 'model', id: 'default' },
      { wishedModel: 'anthropic/claude-opus-5' },
    );
    expect(text).toContain(OPUS);
    expect(change).toEqual({ wishedModel: undefined });
    expect(Object.keys(change ?? {})).toEqual(['wishedModel']);
  });
});

describe('workflows', () => {
  const allow = { name: 'workflows', isAllowed: true } as const;

  it('are allowed by whoever says so, until that is taken back', () => {
    const { text, change } = answer(allow);
    expect(text).toMatch(
      /may change files in `\.github\/workflows`.*scope `workflow`.*permission `workflows`/,
    );
    expect(change).toEqual({ workflowLeave: { by: 'slack:T/UBOB', atMs: 7 } });
    const back = answer({ name: 'workflows', isAllowed: false });
    expect(back.text).toMatch(/may not change/);
    expect(back.change).toEqual({ workflowLeave: undefined });
    expect(Object.keys(back.change ?? {})).toEqual(['workflowLeave']);
    expect(back.isHeard).toBeUndefined();
  });

  it.each<[Partial<Session>, true | undefined]>([
    [{ lastTurn: 'asked', status: 'asleep' }, true],
    [{ status: 'working' }, true],
    [{ lastTurn: 'answered', status: 'waiting' }, undefined],
    [{ status: 'queued' }, undefined],
  ])('that are allowed are heard where somebody waits for it or works: %j', (over, isHeard) => {
    expect(answer(allow, over).isHeard).toBe(isHeard);
  });
});
