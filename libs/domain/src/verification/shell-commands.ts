/** What stands behind a command; `;` also for the end of a line, '' for the end of the script or of a subshell. */
export type ShellOperator = '&&' | '||' | '|' | '&' | ';' | '';

/** A simple command of a shell script. */
export interface ShellCommand {
  /** Without their quotes. Expansions stay as they are written. */
  readonly words: readonly string[];
  readonly next: ShellOperator;
  /** The subshells that it is in, outermost first: each has a number of its own. */
  readonly subshells: readonly number[];
}

const ENDS_OF_COMPOUNDS = new Set(['}', 'fi', 'done', 'esac']);
const REDIRECTION = /(?:&>>?|<<<|[<>]&[\d-]*|[<>]\||>>|<>|[<>])/y;
const HERE_DOCUMENT = /<<(-?)[ \t]*(['"]?)([\w.-]+)\2/y;
const OPERATOR = /&&|\|\||\|&|;;|[|&;\n]/y;

/**
 * A script's simple commands in the order in which they are written. It reads what people and models write, not all of
 * the grammar: here-documents and comments are passed over, `$(...)` is part of its word.
 * https://pubs.opengroup.org/onlinepubs/9799919799/utilities/V3_chap02.html
 */
export function shellCommands(script: string): readonly ShellCommand[] {
  const commands: ShellCommand[] = [];
  const documents: { readonly end: string; readonly isIndented: boolean }[] = [];
  let words: string[] = [];
  let word: string | undefined;
  let subshells: readonly number[] = [];
  let opened = 0;
  let at = 0;

  const matchAt = (pattern: RegExp): RegExpExecArray | null => {
    pattern.lastIndex = at;
    return pattern.exec(script);
  };
  const endWord = (): void => {
    if (word !== undefined) words.push(word);
    word = undefined;
  };
  const endCommand = (next: ShellOperator): void => {
    endWord();
    const last = commands.at(-1);
    const [only] = words.length === 1 ? words : [];
    const isNothing = words.length === 0 || ENDS_OF_COMPOUNDS.has(only ?? '');
    if (!isNothing) commands.push({ words, next, subshells });
    // What stands behind a compound concerns the last command in it.
    else if (last !== undefined && (last.next === '' || only !== undefined)) {
      commands[commands.length - 1] = { ...last, next };
    }
    words = [];
  };
  const skipDocuments = (): void => {
    for (const { end, isIndented } of documents.splice(0)) {
      while (at < script.length) {
        const lineEnd = script.indexOf('\n', at);
        const line = script.slice(at, lineEnd < 0 ? undefined : lineEnd);
        at = lineEnd < 0 ? script.length : lineEnd + 1;
        if ((isIndented ? line.replace(/^\t+/, '') : line) === end) break;
      }
    }
  };

  while (at < script.length) {
    const char = script[at] ?? '';
    if (char === '\\') {
      if (script[at + 1] !== '\n') word = (word ?? '') + (script[at + 1] ?? '');
      at += 2;
      continue;
    }
    if (char === "'" || char === '"') {
      const end = endOfQuote(script, at);
      word = (word ?? '') + unquoted(script.slice(at + 1, end), char);
      at = end + 1;
      continue;
    }
    if (char === '`' || (char === '$' && /[({]/.test(script[at + 1] ?? ''))) {
      const end = char === '`' ? endOfQuote(script, at) + 1 : endOfExpansion(script, at + 1);
      word = (word ?? '') + script.slice(at, end);
      at = end;
      continue;
    }
    if (char === '#' && word === undefined) {
      const end = script.indexOf('\n', at);
      at = end < 0 ? script.length : end;
      continue;
    }
    if (char === ' ' || char === '\t' || char === '\r') {
      endWord();
      at += 1;
      continue;
    }
    if (char === '(' || char === ')') {
      endCommand('');
      if (char === '(') opened += 1;
      subshells = char === '(' ? [...subshells, opened] : subshells.slice(0, -1);
      at += 1;
      continue;
    }
    const document = matchAt(HERE_DOCUMENT);
    if (document !== null) {
      documents.push({ end: document[3] ?? '', isIndented: document[1] === '-' });
      at += document[0].length;
      continue;
    }
    const redirection = matchAt(REDIRECTION);
    if (redirection !== null) {
      word = (word ?? '') + redirection[0];
      at += redirection[0].length;
      continue;
    }
    const operator = matchAt(OPERATOR)?.[0];
    if (operator !== undefined) {
      endCommand(operatorOf(operator));
      at += operator.length;
      if (operator === '\n') skipDocuments();
      continue;
    }
    word = (word ?? '') + char;
    at += 1;
  }
  endCommand('');
  return commands;
}

function operatorOf(written: string): ShellOperator {
  if (written === '|&') return '|';
  return written === '\n' || written === ';;' ? ';' : (written as ShellOperator);
}

function endOfQuote(script: string, start: number): number {
  const mark = script[start];
  for (let at = start + 1; at < script.length; at += 1) {
    if (script[at] === '\\' && mark !== "'") at += 1;
    else if (script[at] === mark) return at;
  }
  return script.length;
}

function endOfExpansion(script: string, start: number): number {
  let depth = 0;
  for (let at = start; at < script.length; at += 1) {
    const char = script[at] ?? '';
    if (char === "'" || char === '"') at = endOfQuote(script, at);
    else if (char === '\\') at += 1;
    else if (char === '(' || char === '{') depth += 1;
    else if (char === ')' || char === '}') {
      depth -= 1;
      if (depth === 0) return at + 1;
    }
  }
  return script.length;
}

function unquoted(text: string, mark: string): string {
  return mark === "'" ? text : text.replace(/\\([$`"\\\n])/g, (_whole, char: string) => char);
}
