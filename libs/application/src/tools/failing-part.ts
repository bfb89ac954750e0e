/** Lines of a log that tell of a failure, in most tools of most languages. */
const TELLING =
  /\b(?:\w*errors?|\w*exceptions?|fail(?:ed|ures?|s|ing)?|fatal|panic(?:ked)?|traceback|assert(?:ion)?|expected|received|undefined reference|not ok)\b|✕|✗|✖|##\[error\]/i;
const CONTEXT_LINES = 6;

/**
 * The part of a log that says what failed, at most `maxCharacters` of it: lines around those that tell of a failure,
 * and the end. Where that is too much, its last part, since tools sum up at the end.
 */
export function failingPart(log: string, maxCharacters: number): string {
  const lines = log.trimEnd().split('\n');
  const kept = new Set<number>();
  const keep = (from: number, to: number): void => {
    for (let at = Math.max(0, from); at <= Math.min(lines.length - 1, to); at += 1) kept.add(at);
  };
  lines.forEach((line, at) => {
    if (TELLING.test(line)) keep(at - CONTEXT_LINES, at + CONTEXT_LINES);
  });
  keep(lines.length - 2 * CONTEXT_LINES, lines.length - 1);

  const taken: string[] = [];
  let length = 0;
  let next = lines.length;
  for (const at of [...kept].toSorted((a, b) => b - a)) {
    const line = lines[at] ?? '';
    if (length + line.length + 1 > maxCharacters) break;
    if (at < next - 1) taken.push('[...]');
    taken.push(line);
    length += line.length + 1;
    next = at;
  }
  if (taken.length === 0) return (lines.at(-1) ?? '').slice(-maxCharacters);
  if (next > 0) taken.push('[...]');
  return taken.toReversed().join('\n');
}
