import { describe, expect, it } from '@jest/globals';
import { text } from '@swe/domain';
import type { AssistantContent, ModelMessage, UserContent } from '@swe/domain';
import { nextAnswer } from './next-answer';
import type { Answer } from './next-answer';
import type { Script } from './script';

/** Two moves, the first with two calls; its last words tell all it was told. */
const script: Script = function* (task) {
  const [a, b] = yield {
    say: 'Two things.',
    calls: [
      { name: 'read_file', input: { path: 'a' } },
      { name: 'bash', input: { command: 'b' } },
    ],
  };
  const [c] = yield { say: 'One more.', calls: [{ name: 'bash', input: { command: 'c' } }] };
  return { say: `${task}: ${a?.text} ${b?.text} ${c?.text}`, gaveUp: task === 'too hard' };
};

/** A conversation, written as the harness would keep it. */
class Conversation {
  readonly messages: ModelMessage[];

  constructor(task = 'task') {
    this.messages = [{ role: 'user', content: [text(task)] }];
  }

  next(): Answer {
    return nextAnswer(script, this.messages);
  }

  /** Takes the next answer into the conversation, with a result for each call, and then more words. */
  go(results: readonly string[], ...words: readonly string[]): Answer {
    const { say, calls } = this.next();
    const ids = calls.map((_call, i) => `${this.messages.length}-${i}`);
    const asked = calls.map((call, i): AssistantContent => ({
      type: 'tool-call',
      callId: ids[i] ?? '',
      ...call,
    }));
    const given = results.map((result, i) => ({
      type: 'tool-result' as const,
      callId: ids[i] ?? '',
      content: [text(result)],
      isError: false,
    }));
    this.messages.push({ role: 'assistant', content: [text(say), ...asked] });
    this.messages.push({
      role: 'user',
      content: [...given, ...words.map((each): UserContent => text(each))],
    });
    return this.next();
  }

  /** An answer that was stopped after its first words. */
  stop(said: string, ...words: readonly string[]): Answer {
    this.messages.push({ role: 'assistant', content: [text(said)] });
    this.messages.push({ role: 'user', content: words.map((each) => text(each)) });
    return this.next();
  }
}

const names = ({ calls }: Answer): readonly string[] => calls.map(({ name }) => name);
const INTERRUPTED =
  '[harness] Interrupted: the machine this ran on went away, and how far it came is not known.';

describe('nextAnswer', () => {
  it('plays the script move by move', () => {
    const talk = new Conversation();
    expect(talk.next()).toMatchObject({ say: 'Two things.' });
    expect(talk.go(['A', 'B'])).toEqual({
      say: 'One more.',
      calls: [{ name: 'bash', input: { command: 'c' } }],
      refuses: false,
    });
    expect(talk.go(['C'])).toEqual({ say: 'task: A B C', calls: [], refuses: false });
  });

  it('refuses when the script gave up', () => {
    const talk = new Conversation('too hard');
    talk.go(['A', 'B']);
    expect(talk.go(['C'])).toMatchObject({ say: 'too hard: A B C', refuses: true });
  });

  it('acknowledges messages that arrive meanwhile, and goes on', () => {
    const talk = new Conversation();
    const answer = talk.go(['A', 'B'], 'Use tabs, please');
    expect(answer.say).toMatch(/^I have read your message; .*\n\nOne more\.$/);
    expect(names(answer)).toEqual(['bash']);
    expect(talk.go(['C'])).toMatchObject({ say: 'task: A B C', calls: [] });
  });

  it('acknowledges notes of the harness as such', () => {
    expect(new Conversation().go(['A', 'B'], '[harness] Something.').say).toMatch(/^I have read the note/);
  });

  it('asks once more for what was interrupted, and only for that', () => {
    const talk = new Conversation();
    const again = talk.go(['A', INTERRUPTED]);
    expect(again).toEqual({
      say: 'I ask once more for what was interrupted.',
      calls: [{ name: 'bash', input: { command: 'b' } }],
      refuses: false,
    });
    expect(talk.go(['B'])).toMatchObject({ say: 'One more.' });
    expect(talk.go(['C'])).toMatchObject({ say: 'task: A B C' });
  });

  it.each([
    '[harness] Not run: the person stopped the work first.',
    '[harness] The person stopped the work while this ran; how far it came is not known.',
    'half of it\n[stopped by the person after 1.2 s]',
  ])('takes %j as interrupted', (result) => {
    expect(names(new Conversation().go([result, 'B'], 'go on'))).toEqual(['read_file']);
  });

  it('makes a move again whose words were stopped', () => {
    const talk = new Conversation();
    const answer = talk.stop('Two', '[harness] The person stopped the work here.', 'go on');
    expect(names(answer)).toEqual(['read_file', 'bash']);
  });

  it('says that it is over once the script has ended', () => {
    const talk = new Conversation();
    talk.go(['A', 'B']);
    talk.go(['C']);
    const after = talk.go([], 'And now?');
    expect(after.calls).toEqual([]);
    expect(after.say).toMatch(/rehearsal, not an intelligence.*SWE_MODEL/);
    expect(talk.go([], 'Really?')).toEqual(after);
  });

  it('repeats last words that were stopped', () => {
    const talk = new Conversation();
    talk.go(['A', 'B']);
    talk.go(['C']);
    expect(talk.stop('task: A', 'go on').say).toMatch(/task: A B C$/);
  });

  it('does not pretend to follow a conversation of another model', () => {
    const messages: ModelMessage[] = [
      { role: 'user', content: [text('task')] },
      { role: 'assistant', content: [{ type: 'tool-call', callId: '1', name: 'search', input: {} }] },
      { role: 'user', content: [{ type: 'tool-result', callId: '1', content: [], isError: false }] },
    ];
    expect(nextAnswer(script, messages)).toMatchObject({
      calls: [],
      say: expect.stringContaining('not led by its script'),
    });
  });
});
