/** A number written in a function. */
export interface NumberLiteral {
  readonly text: string;
  /** Where it stands in the source. */
  readonly offset: number;
  readonly value: number;
  /** What it does: limits a comparison, divides, or anything else. */
  readonly role: 'limit' | 'divisor' | 'operand';
}

const COMMENTS_AND_STRINGS =
  /\/\*[\s\S]*?\*\/|\/\/[^\n]*|'(?:\\.|[^'\\\n])*'|"(?:\\.|[^"\\\n])*"|`(?:\\[\s\S]|[^`\\])*`/g;
const IMPORTS = /(?:import|const)\s*\{([^}]*)\}\s*(?:from|=\s*require\()\s*['"](\.[^'"]+)['"]/g;
const NUMBERS = /(?<![\w$.])\d+(?:\.\d+)?(?![\w$.])/g;

/** The lines of a `read_file` result, without their numbers. */
export function linesOf(readFileText: string): readonly string[] {
  return readFileText.split('\n').flatMap((line) => /^\d+\t(.*)$/.exec(line)?.[1] ?? []);
}

/** Names that a module takes from the repository's own modules, each with the module's path as it is written. */
export function importsOf(source: string): ReadonlyMap<string, string> {
  const imports = new Map<string, string>();
  for (const [, names = '', module = ''] of source.matchAll(IMPORTS)) {
    for (const name of names.split(',')) {
      const local = name
        .trim()
        .split(/\s+as\s+|\s*:\s*/)
        .at(-1);
      if (local) imports.set(local, module);
    }
  }
  return imports;
}

/** The statement that begins in this line (from 1), up to its semicolon. */
export function statementAt(lines: readonly string[], line: number): string {
  const rest = lines.slice(line - 1);
  const end = rest.findIndex((each) => each.trimEnd().endsWith(';'));
  return rest.slice(0, end + 1 || 1).join('\n');
}

/** The names called in a piece of code, in order. */
export function callsIn(code: string): readonly string[] {
  return [...withoutText(code).matchAll(/([A-Za-z_$][\w$]*)\s*\(/g)].map(([, name = '']) => name);
}

/** The numbers written in a function, and those of constants of its file that it uses; undefined without the function. */
export function numbersOf(source: string, name: string): readonly NumberLiteral[] | undefined {
  const code = withoutText(source);
  const start = code.search(definitionOf(name));
  if (start === -1) return undefined;
  const end = endOfDefinition(code, start);
  const used = new Set(code.slice(start, end).match(/[A-Za-z_$][\w$]*/g));
  const constants = [...code.matchAll(/^(?:export\s+)?const\s+([\w$]+)\s*=[^;]*;/gm)]
    .filter(({ 1: constant = '', index }) => used.has(constant) && (index < start || index >= end))
    .map((match) => [match.index, match.index + match[0].length] as const);
  return [[start, end] as const, ...constants].flatMap(([from, to]) =>
    [...code.slice(from, to).matchAll(NUMBERS)].map((match) => literalAt(code, from + match.index, match[0])),
  );
}

/** A pattern for the place where a function, or a constant that may hold one, is defined. */
export function definitionOf(name: string): RegExp {
  return new RegExp(`\\b(?:function|const|let)\\s+${name.replaceAll('$', '\\$')}\\b`);
}

function literalAt(code: string, offset: number, text: string): NumberLiteral {
  const before = code.slice(0, offset);
  const after = code.slice(offset + text.length);
  const limits = /(?:(?<!=)[<>]|[<>=!]=)\s*$/.test(before) || /^\s*(?:[<>]|[=!]==?)/.test(after);
  const divides = /\/\s*$/.test(before);
  return { text, offset, value: Number(text), role: limits ? 'limit' : divides ? 'divisor' : 'operand' };
}

/** Blanks out comments and strings, so that what is left keeps its place. */
function withoutText(source: string): string {
  return source.replace(COMMENTS_AND_STRINGS, (text) => text.replace(/[^\n]/g, ' '));
}

/** Where the brackets opened since `start` are closed again by a block, or a statement ends outside of any. */
function endOfDefinition(code: string, start: number): number {
  let depth = 0;
  for (let i = start; i < code.length; i += 1) {
    const char = code[i] ?? '';
    if ('([{'.includes(char)) depth += 1;
    if (')]}'.includes(char)) depth -= 1;
    if (depth === 0 && (char === '}' || char === ';')) return i + 1;
  }
  return code.length;
}
