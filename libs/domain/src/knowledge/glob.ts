type Token = 'folders' | 'anything' | 'name' | 'character' | { readonly literal: string };

/** More than anybody writes; each of a set of braces multiplies what is to be matched. */
const MAX_ALTERNATIVES = 64;
const BRACES = /\{([^{}]*,[^{}]*)\}/;

/**
 * Whether a path matches a glob: `*` and `?` within a name, `**` over folders, `{a,b}`. One without a slash matches
 * names in any folder, and one that ends in a slash all that is below it. Brackets stand for themselves: frameworks
 * name folders `[id]`. Takes time in proportion to both lengths, whatever the glob is.
 */
export function matchesGlob(glob: string, path: string): boolean {
  const plain = glob.trim().replace(/^\.?\//, '');
  if (plain === '') return false;
  const below = plain.endsWith('/') ? `${plain}**` : plain;
  const anywhere = below.includes('/') ? below : `**/${below}`;
  return alternativesOf(anywhere).some((each) => matches(tokensOf(each), path));
}

function alternativesOf(glob: string): readonly string[] {
  let alternatives = [glob];
  while (alternatives.length <= MAX_ALTERNATIVES) {
    const next = alternatives.flatMap((each) => {
      const [braces, choices] = BRACES.exec(each) ?? [];
      if (braces === undefined || choices === undefined) return [each];
      return choices.split(',').map((choice) => each.split(braces).join(choice.trim()));
    });
    if (next.length === alternatives.length) return next;
    alternatives = next;
  }
  return alternatives.slice(0, MAX_ALTERNATIVES);
}

function tokensOf(glob: string): readonly Token[] {
  return [...glob.matchAll(/(?<=^|\/)\*\*\/|\*\*+|\*|\?|[^]/gu)].map(([part]): Token => {
    if (part === '**/') return 'folders';
    if (part.startsWith('**')) return 'anything';
    if (part === '*') return 'name';
    return part === '?' ? 'character' : { literal: part };
  });
}

/** Follows all ways to read the glob at once. */
function matches(tokens: readonly Token[], path: string): boolean {
  let at = reachable(tokens, [0], '/');
  for (const character of path) {
    const next = [...at].flatMap((place): readonly number[] => {
      const token = tokens[place];
      if (token === undefined) return [];
      if (token === 'folders' || token === 'anything') return [place];
      if (token === 'name') return character === '/' ? [] : [place];
      if (token === 'character') return character === '/' ? [] : [place + 1];
      return token.literal === character ? [place + 1] : [];
    });
    at = reachable(tokens, next, character);
  }
  return at.has(tokens.length);
}

/** These places, and those behind tokens that may stand for nothing here. */
function reachable(tokens: readonly Token[], places: readonly number[], before: string): ReadonlySet<number> {
  const found = new Set<number>();
  for (let place of places) {
    found.add(place);
    for (; isPassable(tokens[place], before); place += 1) found.add(place + 1);
  }
  return found;
}

function isPassable(token: Token | undefined, before: string): boolean {
  return token === 'anything' || token === 'name' || (token === 'folders' && before === '/');
}
