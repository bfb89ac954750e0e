export function markdownTable(heads: readonly string[], lines: readonly (readonly string[])[]): string {
  const rule = heads.map((_head, i) => (i === 0 ? '---' : '---:'));
  return [heads, rule, ...lines].map((cells) => `| ${cells.join(' | ')} |`).join('\n');
}
