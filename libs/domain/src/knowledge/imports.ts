import { markdownBlocks, markdownOf } from '../conversation/markdown-blocks';
import { markdownSpans } from '../conversation/markdown-spans';
import { folderOf, innerPath } from './inner-path';

const IMPORT = /(?<=^|[\s(])@([^\s@"'()<>]+)/g;

/**
 * The files that a rule file names by `@path`, relative to itself, as paths from the repository's root. Not in code, and
 * never what is outside of the repository: https://code.claude.com/docs/en/memory#import-additional-files
 */
export function importsOf(markdown: string, path: string): readonly string[] {
  const prose = markdownBlocks(markdown)
    .filter(({ kind }) => kind !== 'code')
    .map((block) => withoutCode(markdownOf(block)))
    .join('\n');
  const named = [...prose.matchAll(IMPORT)].flatMap(([, written = '']) => {
    const target = written.replace(/[.,;:!?]+$/, '');
    if (target === '' || target.startsWith('~')) return [];
    return innerPath(folderOf(path), target) || [];
  });
  return [...new Set(named)];
}

function withoutCode(text: string): string {
  const kept: string[] = [];
  let from = 0;
  for (const { kind, start, end } of markdownSpans(text)) {
    if (kind !== 'code' || start < from) continue;
    kept.push(text.slice(from, start));
    from = end;
  }
  return [...kept, text.slice(from)].join('`');
}
