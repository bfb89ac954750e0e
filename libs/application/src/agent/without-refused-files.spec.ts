import { expect, it } from '@jest/globals';
import { filesOf, text } from '@swe/domain';
import type { ModelMessage, ModelRequest, UserContent } from '@swe/domain';
import { ScriptedLanguageModel } from '@swe/testing/memory';
import type { ScriptedTurn } from '@swe/testing/memory';
import { withoutRefusedFiles } from './without-refused-files';

const file = (name: string): UserContent => ({
  type: 'document',
  name,
  mediaType: 'application/pdf',
  data: 'aGk=',
});
const said = (...content: UserContent[]): ModelMessage => ({ role: 'user', content });
const answer: ModelMessage = { role: 'assistant', content: [text('Yes.')] };

const [GOOD, BAD] = [file('good.pdf'), file('bad.pdf')];
const FIRST = [said(text('Look.'), GOOD)];
const SECOND = [...FIRST, answer, said(BAD)];
const THIRD = [...SECOND, answer, said(text('And?'))];

/** A provider that takes anything but a certain document. */
const provider: ScriptedTurn = ({ messages }) =>
  filesOf(messages).some(({ name }) => name === 'bad.pdf') ? REFUSED : { say: 'Yes.' };
const REFUSED = { failure: { kind: 'invalid', message: 'no PDF' } } as const;

async function ask(turns: readonly ScriptedTurn[], conversations: readonly ModelMessage[][]) {
  const scripted = new ScriptedLanguageModel(turns);
  const model = withoutRefusedFiles(scripted);
  const ends: string[] = [];
  for (const messages of conversations) {
    const request: ModelRequest = { system: '', tools: [], messages, maxOutputTokens: 9 };
    for await (const event of model.stream(request, new AbortController().signal)) {
      if (event.type === 'finished') ends.push(event.stop);
    }
  }
  scripted.assertDone();
  return { ends, sent: scripted.requests.map(({ messages }) => filesOf(messages).map(({ name }) => name)) };
}

it('a file that is refused is left out of that request and of every later one, and no other is', async () => {
  const { ends, sent } = await ask([provider, provider, provider, provider], [FIRST, SECOND, THIRD]);
  expect(ends).toEqual(['end-turn', 'end-turn', 'end-turn']);
  expect(sent).toEqual([['good.pdf'], ['good.pdf', 'bad.pdf'], ['good.pdf'], ['good.pdf']]);
});

it('a model reads that a file is left out, and why', async () => {
  const scripted = new ScriptedLanguageModel([REFUSED, { say: 'Yes.' }]);
  const request: ModelRequest = { system: '', tools: [], messages: FIRST, maxOutputTokens: 9 };
  await Array.fromAsync(withoutRefusedFiles(scripted).stream(request, new AbortController().signal));
  expect(JSON.stringify(scripted.requests[1]?.messages)).toContain(
    'The document \\"good.pdf\\" was here and is left out: the provider of this model refused it.',
  );
});

it('what is refused for another reason stays so, and its files stay in', async () => {
  const { ends, sent } = await ask([REFUSED, REFUSED, { say: 'Yes.' }], [FIRST, FIRST]);
  expect(ends).toEqual(['error', 'end-turn']);
  expect(sent).toEqual([['good.pdf'], [], ['good.pdf']]);
});

it('all files are left out where those that were taken before are refused', async () => {
  const { ends, sent } = await ask([{ say: 'Yes.' }, REFUSED, { say: 'Yes.' }], [FIRST, FIRST]);
  expect(ends).toEqual(['end-turn', 'end-turn']);
  expect(sent).toEqual([['good.pdf'], ['good.pdf'], []]);
});

it('another failure is none of a file', async () => {
  const throttled = { failure: { kind: 'throttled', message: 'later' } } as const;
  expect(await ask([throttled], [FIRST])).toEqual({ ends: ['error'], sent: [['good.pdf']] });
});

it('a request without files is made once', async () => {
  expect(await ask([REFUSED], [[said(text('Hello.'))]])).toEqual({ ends: ['error'], sent: [[]] });
});
