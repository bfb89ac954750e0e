/**
 * Text that others wrote, between tags: everything between them is material, whatever it says. What would begin or
 * end the fence from inside reads `&lt;`. `attributes` are the caller's own words and hold no quotes.
 */
export function fenced(
  tag: string,
  attributes: Readonly<Record<string, string | number>>,
  written: string,
): string {
  const head = Object.entries(attributes).map(([name, value]) => ` ${name}="${value}"`);
  const fence = new RegExp(`<(?=[\\s/]*${tag}\\b)`, 'gi');
  return `<${tag}${head.join('')}>\n${written.replace(fence, '&lt;')}\n</${tag}>`;
}
