import { createInterface } from 'node:readline';
import type { Readable } from 'node:stream';
import { Writable } from 'node:stream';
import { Fault } from '@swe/domain';

export interface QuestionsOptions {
  /** A terminal. */
  readonly input: Readable;
  readonly write: (text: string) => void;
}

/** Somebody at a terminal who is asked one thing after the other. */
export interface Questions extends Disposable {
  /** Aborts when they press Ctrl-C, or go away. */
  readonly signal: AbortSignal;
  ask(question: string): Promise<string>;
  /** What is typed is shown nowhere, and kept in no history. */
  askSecretly(question: string): Promise<string>;
}

/**
 * Asks at a terminal, with the line editing of Node's readline. Keys are read one by one, so Ctrl-C is no signal: it
 * aborts `signal`, and makes whatever is asked, now or later, throw `cancelled`.
 */
export function openQuestions({ input, write }: QuestionsOptions): Questions {
  const over = new AbortController();
  let isSecret = false;
  let answered: PromiseWithResolvers<string> | undefined;
  const output = new Writable({
    write(chunk: Buffer, _encoding, done) {
      if (!isSecret && answered !== undefined) write(chunk.toString());
      done();
    },
  });
  const lines = createInterface({ input, output, terminal: true, prompt: '> ', historySize: 0 });
  const cancelled = (): Fault =>
    new Fault('cancelled', 'Stopped. What is stored stays; go on with: swe setup');

  lines.on('line', (line) => {
    answered?.resolve(line);
    // Further lines of the same paste are no part of it, and may be a key where its file was asked for.
    answered = undefined;
  });
  const end = (): void => {
    over.abort();
    answered?.reject(cancelled());
  };
  lines.on('SIGINT', end);
  lines.on('close', end);

  async function asked(question: string, isShown: boolean): Promise<string> {
    if (over.signal.aborted) throw cancelled();
    // What was typed before the question: shown as its answer it may be a secret that was pasted twice.
    lines.write(null, { name: 'return' });
    isSecret = !isShown;
    write(`${question}\n${isShown ? '' : '> '}`);
    answered = Promise.withResolvers();
    if (isShown) lines.prompt();
    try {
      return await answered.promise;
    } finally {
      // The key that ended it was not shown.
      if (!isShown) write('\n');
      answered = undefined;
    }
  }

  return {
    signal: over.signal,
    ask: (question) => asked(question, true),
    askSecretly: (question) => asked(question, false),
    [Symbol.dispose]() {
      lines.off('close', end);
      lines.close();
      input.pause();
    },
  };
}
