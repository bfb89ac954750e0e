import { describe, expect, it } from '@jest/globals';
import { JOURNAL_VERSION, journalEntry } from './journal-entry';
import type { JournalEntryKind, JournalEntryOf } from './journal-entry';

const picture = { type: 'image', mediaType: 'image/png', data: 'aGk=' } as const;
const document = { type: 'document', name: 'a.pdf', mediaType: 'application/pdf', data: '' } as const;
const oldRan = { command: 'npm test', cwd: '/w', exitCode: null };
const ran = { ...oldRan, workingCopy: '/w/shop', tree: 'a'.repeat(40) };
const usage = { inputTokens: 1, outputTokens: 2, cacheReadTokens: 3, cacheWriteTokens: 4 };

/** One of each kind, with everything optional present. */
const samples: { readonly [K in JournalEntryKind]: JournalEntryOf<K> } = {
  'message-admitted': {
    kind: 'message-admitted',
    atMs: 1,
    inboxSeq: 1,
    requester: 'local:ada',
    cause: 'checks',
    content: [{ type: 'text', text: '' }, picture, document],
    files: [{ path: 'attachments/a.zip', blobKey: 'sent/1' }],
  },
  'model-call-started': {
    kind: 'model-call-started',
    atMs: 1,
    callNumber: 1,
    model: 'a/b',
    fixedTokens: 9,
    purpose: 'summary',
  },
  'model-call-finished': {
    kind: 'model-call-finished',
    atMs: 1,
    callNumber: 1,
    model: 'a/b',
    content: [
      { type: 'reasoning', provider: 'a', text: '', opaque: { signature: [1, null, 'x'] } },
      { type: 'text', text: 'well' },
      { type: 'tool-call', callId: 'c1', name: 'bash', input: {}, malformedInput: '{"a' },
    ],
    stop: 'tool-use',
    usage,
    durationMs: 1.5,
    failure: 'slow down',
    bill: { nanoUsd: 3, isEstimated: true },
  },
  'tool-started': { kind: 'tool-started', atMs: 1, callId: 'c1', name: 'bash' },
  'tool-finished': {
    kind: 'tool-finished',
    atMs: 1,
    callId: 'c1',
    name: 'bash',
    content: [picture],
    isError: true,
    durationMs: 0,
    ran,
    rules: [{ path: 'shop/AGENTS.md', text: 'Use tabs.' }],
  },
  briefed: {
    kind: 'briefed',
    atMs: 1,
    organisation: {
      prompt: 'We write tests first.',
      skills: [{ name: 'deploy', description: 'Deploys.', path: '.swe/organisation/skills/deploy/SKILL.md' }],
    },
    agent: {
      name: 'reviewer',
      description: 'Reviews.',
      prompt: 'Look closely.',
      model: 'a/b',
      tools: ['read_file'],
      mcpServers: ['jira'],
    },
  },
  'effect-intended': { kind: 'effect-intended', atMs: 1, effectKey: 'k', what: 'push' },
  'effect-done': { kind: 'effect-done', atMs: 1, effectKey: 'k', receipt: { sha: 'abc', also: [true] } },
  'context-compacted': {
    kind: 'context-compacted',
    atMs: 1,
    fromSeq: 1,
    toSeq: 2,
    replacement: [{ type: 'text', text: 'before' }],
    keeps: [2],
  },
  'results-shortened': {
    kind: 'results-shortened',
    atMs: 1,
    results: [{ callId: 'c1', content: [{ type: 'text', text: 'in short' }] }],
  },
  'checkpoint-saved': {
    kind: 'checkpoint-saved',
    atMs: 1,
    journalSeq: 4,
    workingCopies: [
      {
        directory: 'shop',
        source: 'https://example.com/shop',
        blobKey: 'checkpoint/0/1',
        fingerprint: 'f',
        takenAtSeq: 0,
        leftOut: [{ path: '.npmrc', why: 'credential' }],
        unsteady: ['log'],
      },
    ],
    notSaved: [{ directory: 'huge', why: 'too large' }],
  },
  'checkpoint-restored': {
    kind: 'checkpoint-restored',
    atMs: 1,
    note: 'shop: restored',
    unrestored: ['lib'],
  },
  'harness-noted': { kind: 'harness-noted', atMs: 1, cause: 'going-round', text: 'Again.' },
  'wait-until': { kind: 'wait-until', atMs: 1, wakeAtMs: 2, reason: 'checks' },
  'state-changed': {
    kind: 'state-changed',
    atMs: 1,
    from: 'working',
    to: 'waiting',
    outcome: { kind: 'answered', replyKey: 'k', asksBack: true },
  },
};

const stamped = (sample: unknown) => ({ ...(sample as object), seq: 7, v: JOURNAL_VERSION });

describe('a journal entry', () => {
  it.each(Object.entries(samples))('of kind %s survives being stored', (_kind, sample) => {
    const entry = stamped(sample);
    expect(journalEntry.parse(JSON.parse(JSON.stringify(entry)))).toEqual(entry);
  });

  it('is read when it is older than what is kept of runs and of causes', () => {
    const { cause: _cause, ...admitted } = samples['message-admitted'];
    for (const old of [admitted, { ...samples['tool-finished'], ran: oldRan }]) {
      expect(journalEntry.parse(stamped(old))).toEqual(stamped(old));
    }
  });

  it('is read when it is older than compactions that keep messages', () => {
    const { keeps: _keeps, ...old } = samples['context-compacted'];
    expect(journalEntry.parse({ ...stamped(old), v: 1 })).toEqual({ ...stamped(old), v: 1 });
  });

  it.each([
    ['of a newer version', { v: JOURNAL_VERSION + 1 }],
    ['without a version', { v: undefined }],
    ['of a kind that is not known', { kind: 'thought-read' }],
    ['without a number', { seq: undefined }],
    ['with the number 0', { seq: 0 }],
  ])('%s is refused', (_name, change) => {
    expect(journalEntry.safeParse({ ...stamped(samples['tool-started']), ...change }).success).toBe(false);
  });
});
