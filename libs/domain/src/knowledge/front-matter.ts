/** A field of a file's front matter, as one text and as a list. */
export interface FrontMatterField {
  readonly text: string;
  readonly items: readonly string[];
}

/** What a Markdown file says of itself before its body. */
export interface FrontMatter {
  readonly fields: ReadonlyMap<string, FrontMatterField>;
  readonly body: string;
}

const FRONT_MATTER = /^\uFEFF?---[ \t]*\r?\n([^]*?)(?:^|\n)---[ \t]*(?:\r?\n|$)/m;
const FIELD = /^([\w-]+):(?:[ \t]+(.*))?$/;
const BLOCK_MARK = /^[|>][+-]?\d?$/;

/**
 * Reads front matter of the part of YAML that rule files, skills and agents are written in: texts, also over several
 * lines, and lists on one line or several. What is nested deeper counts as words of its field.
 */
export function readFrontMatter(file: string): FrontMatter {
  const found = FRONT_MATTER.exec(file);
  if (found === null || found.index !== 0) return { fields: new Map(), body: file };
  const [whole, head = ''] = found;
  const lines = new Map<string, string[]>();
  let current: string[] | undefined;
  for (const line of head.split('\n').map((each) => each.trimEnd())) {
    const [, name, value = ''] = FIELD.exec(line) ?? [];
    if (name === undefined) current?.push(line.trim());
    else lines.set(name, (current = [value.trim()]));
  }
  const fields = new Map([...lines].map(([name, written]) => [name, fieldOf(written)]));
  return { fields, body: file.slice(whole.length) };
}

function fieldOf(lines: readonly string[]): FrontMatterField {
  const written = lines.filter((line) => line !== '' && !BLOCK_MARK.test(line) && !line.startsWith('#'));
  const dashed = written.filter((line) => line.startsWith('- '));
  if (dashed.length > 0) {
    const items = dashed.map((line) => unquoted(line.slice(2).trim()));
    return { text: items.join(', '), items };
  }
  const all = written.join(' ');
  const listed = /^\[(.*)\]$/.exec(all)?.[1] ?? unquoted(all);
  const items = listed
    .split(/,(?![^{}]*\})/)
    .map((item) => unquoted(item.trim()))
    .filter((item) => item !== '');
  return { text: unquoted(all), items };
}

function unquoted(value: string): string {
  const [, , inner] = /^(["'])(.*)\1$/.exec(value) ?? [];
  return inner ?? value;
}
