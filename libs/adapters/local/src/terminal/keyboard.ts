import { createInterface } from 'node:readline';
import type { Interface, Key } from 'node:readline';
import type { Readable } from 'node:stream';
import { Writable } from 'node:stream';

/** A message as far as it is typed. */
export interface Typed {
  /** Of the last line, what stands before the cursor and what stands after it. */
  readonly before: string;
  readonly after: string;
  /** How many lines were pasted above it. */
  readonly pasted: number;
}

export interface Typist {
  /** After every key: the message may have changed. */
  onTyped(typed: Typed): void;
  /** Enter was pressed after words. Lines that were pasted together are one message. */
  onMessage(words: string): void;
  /** Ctrl-C, which is no signal while keys are read one by one. */
  onInterrupt(): void;
}

/** Switches on, and off, that a terminal marks what is pasted, so that its line breaks aren't Enter. */
export const BRACKETED_PASTE = { on: '\u001b[?2004h', off: '\u001b[?2004l' } as const;

/**
 * Reads a terminal's keys, with the line editing and the history of Node's readline, until the returned function is
 * called. It draws nothing. Neither Ctrl-D ends it, nor does Ctrl-Z put the process to sleep: what is at work
 * would lose its lease.
 */
export function readKeyboard(input: Readable, typist: Typist): () => void {
  const nowhere = new Writable({ write: (_chunk, _encoding, done) => done() });
  let pasted: string[] = [];
  let isPasting = false;
  let isOver = false;
  let line = open([]);

  function open(history: string[]): Interface {
    const opened = createInterface({ input, output: nowhere, terminal: true, prompt: '', history });
    opened.on('line', enter);
    opened.on('SIGINT', () => typist.onInterrupt());
    opened.on('SIGTSTP', () => undefined);
    opened.on('history', (lines) => (history = lines));
    opened.on('close', () => {
      input.off('keypress', onKey);
      if (!isOver && !input.readableEnded) line = open(history);
    });
    // After readline's own listener: the line is as the key left it.
    input.on('keypress', onKey);
    return opened;
  }

  function enter(words: string): void {
    pasted.push(words);
    if (isPasting) return;
    const message = pasted.join('\n').trim();
    pasted = [];
    if (message !== '') typist.onMessage(message);
  }

  function onKey(_text: string | undefined, { name, ctrl }: Key): void {
    if (name === 'paste-start') isPasting = true;
    if (name === 'paste-end') isPasting = false;
    if (ctrl === true && name === 'u') pasted = [];
    const { line: text, cursor } = line;
    typist.onTyped({ before: text.slice(0, cursor), after: text.slice(cursor), pasted: pasted.length });
  }

  return () => {
    isOver = true;
    line.close();
    input.pause();
  };
}
