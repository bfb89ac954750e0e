import { describe, expect, it } from '@jest/globals';
import { Fault } from '../fault';
import { JOURNAL_VERSION } from './journal-entry';
import { readJournalEntry } from './read-journal-entry';

const entry = { atMs: 1, kind: 'tool-started', callId: 'c', name: 'bash', seq: 3, v: JOURNAL_VERSION };

describe('a stored journal entry', () => {
  it('is read as it was written', () => {
    expect(readJournalEntry('s1', 3, JSON.stringify(entry))).toEqual(entry);
  });

  it.each([
    [
      'of a newer version, of a kind that is known',
      { ...entry, v: JOURNAL_VERSION + 1 },
      'Update the program',
    ],
    [
      'of a newer version, of a kind that is not',
      { v: JOURNAL_VERSION + 1, kind: 'x' },
      'Update the program',
    ],
    ['of no kind', { ...entry, kind: 'x' }, 'is damaged. Put a copy'],
    ['without a version', { kind: 'x' }, 'is damaged. Put a copy'],
  ])('%s is refused, naming session and entry and what to do', (_what, stored, advice) => {
    expectRefusal(JSON.stringify(stored), advice);
  });

  it('that is no JSON is refused alike', () => expectRefusal('{"kind', 'is damaged. Put a copy'));

  function expectRefusal(json: string, advice: string): void {
    let refusal: unknown;
    try {
      readJournalEntry('s1', 3, json);
    } catch (error) {
      refusal = error;
    }
    expect(refusal).toBeInstanceOf(Fault);
    expect(refusal).toMatchObject({ kind: 'invalid', message: expect.stringContaining(advice) });
    expect(refusal).toMatchObject({
      message: expect.stringContaining('Entry 3 of the journal of session s1'),
    });
  }
});
