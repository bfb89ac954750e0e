import { existsSync, readFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('../..', import.meta.url));
const { paths } = (
  JSON.parse(readFileSync(join(root, 'tsconfig.base.json'), 'utf8')) as {
    compilerOptions: { paths: Record<string, [string]> };
  }
).compilerOptions;

const IMPORT = /^(?:import|export)\s(?!type\b)[^'";]*?from\s+'([^']+)'|\bimport\('([^']+)'\)/gm;

/** The sources of this repository that a program is made of, by path: its entry, and what that imports. */
export function reachedSources(entry: string): ReadonlyMap<string, string> {
  const reached = new Map<string, string>();
  const left = [entry];
  for (let path = left.pop(); path !== undefined; path = left.pop()) {
    if (reached.has(path)) continue;
    const source = readFileSync(join(root, path), 'utf8');
    reached.set(path, source);
    for (const [, imported, asked] of source.matchAll(IMPORT)) {
      const found = fileOf(imported ?? asked ?? '', dirname(path));
      if (found !== undefined) left.push(found);
    }
  }
  return reached;
}

function fileOf(imported: string, folder: string): string | undefined {
  if (imported.startsWith('.')) return existing(join(folder, imported));
  for (const [alias, [target]] of Object.entries(paths)) {
    const [before = '', after] = alias.split('*');
    if (after === undefined ? imported !== alias : !imported.startsWith(before)) continue;
    return existing(target.replace('*', imported.slice(before.length)));
  }
  return undefined;
}

function existing(path: string): string | undefined {
  const candidates = [path, `${path}.ts`, join(path, 'index.ts')].map((each) => join(root, each));
  const found = candidates.find((each) => each.endsWith('.ts') && existsSync(each));
  return found === undefined ? undefined : relative(root, found);
}
