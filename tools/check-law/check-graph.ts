import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { ProjectGraph } from './scratch-workspace';

/**
 * What is wrong with the real workspace's graph: a project without exactly one layer tag or without a lint target,
 * or an import between projects that Nx does not know. Imports are found by reading the sources, not by asking Nx.
 */
export function checkGraph(root: string, graph: ProjectGraph, layers: readonly string[]): string[] {
  const projects = Object.entries(graph.nodes).map(([name, { data }]) => ({ name, ...data }));
  const problems: string[] = [];
  for (const { name, tags = [], targets = {} } of projects) {
    const found = tags.filter((tag) => tag.startsWith('layer:')).map((tag) => tag.slice('layer:'.length));
    if (found.length !== 1 || !layers.includes(found[0] ?? '')) {
      problems.push(`project '${name}' must have exactly one known layer tag, has [${found.join(', ')}]`);
    }
    for (const target of ['lint', 'typecheck']) {
      if (!(target in targets)) problems.push(`project '${name}' has no target '${target}'`);
    }
  }

  const ownerOf = (path: string) =>
    projects
      .filter((project) => path.startsWith(`${project.root}/`))
      .sort((one, other) => other.root.length - one.root.length)[0]?.name;
  const { paths } = JSON.parse(readFileSync(join(root, 'tsconfig.base.json'), 'utf8')).compilerOptions;
  const aliases = Object.entries(paths as Record<string, [string]>).map(([alias, [target]]) => ({
    matches: new RegExp(`^${alias.replace('*', '.+')}$`),
    owner: ownerOf(target.replace('./', '')),
  }));

  for (const path of globSync('{apps,libs,tools,infra}/**/*.{ts,tsx}', { cwd: root })) {
    if (path.startsWith('tools/check-law/')) continue;
    const owner = ownerOf(path);
    if (owner === undefined) {
      problems.push(`${path} belongs to no project`);
      continue;
    }
    for (const [, imported = ''] of readFileSync(join(root, path), 'utf8').matchAll(
      / from '(@swe\/[^']+)'/g,
    )) {
      const alias = aliases.find(({ matches }) => matches.test(imported));
      if (alias?.owner === undefined) problems.push(`${path} imports ${imported}, an alias of no project`);
      else if (
        alias.owner !== owner &&
        !graph.dependencies[owner]?.some((dependency) => dependency.target === alias.owner)
      ) {
        problems.push(
          `${path} imports ${imported}, but Nx knows no edge from '${owner}' to '${alias.owner}'`,
        );
      }
    }
  }
  return [...new Set(problems)];
}
