const LINE_BREAKS = /\s*[\r\n\u2028\u2029]+\s*/g;
const INVISIBLE = /[\p{Cc}\p{Cf}]/gu;

/**
 * Text as inline code on one line, whatever it holds, cut behind `maxLength` characters. What takes no place on a
 * screen, such as marks of direction, is left out: it would have the line read otherwise than it is.
 * https://spec.commonmark.org/0.31.2/#code-spans
 */
export function codeSpan(text: string, maxLength: number): string {
  const line = text.trim().replace(LINE_BREAKS, ' ⏎ ').replaceAll('\t', ' ').replace(INVISIBLE, '');
  const characters = Array.from(line);
  const shown = characters.length > maxLength ? `${characters.slice(0, maxLength).join('')}…` : line;
  if (shown === '') return '` `';
  const runs = shown.match(/`+/g) ?? [];
  const marks = '`'.repeat(1 + Math.max(0, ...runs.map((run) => run.length)));
  const room = /^`|`$/.test(shown) ? ' ' : '';
  return `${marks}${room}${shown}${room}${marks}`;
}
