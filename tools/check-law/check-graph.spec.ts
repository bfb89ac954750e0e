import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { checkGraph } from './check-graph';
import type { ProjectGraph } from './scratch-workspace';

let root: string;

beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'check-graph-'));
  write('tsconfig.base.json', '{"compilerOptions":{"paths":{"@swe/domain":["./libs/domain/src/index.ts"]}}}');
  write('libs/domain/src/index.ts', 'export const d = 1;');
  write('libs/config/src/local.ts', "import { d } from '@swe/domain';");
});

afterEach(() => rmSync(root, { recursive: true, force: true }));

const write = (path: string, content: string) => {
  mkdirSync(dirname(join(root, path)), { recursive: true });
  writeFileSync(join(root, path), content);
};

const graph = ({
  edges = ['domain'],
  configTags = ['layer:config'],
  targets = { lint: {}, typecheck: {} },
} = {}): ProjectGraph => ({
  nodes: {
    domain: {
      data: { root: 'libs/domain', tags: ['layer:domain'], targets: { lint: {}, typecheck: {} } },
    },
    config: { data: { root: 'libs/config', tags: configTags, targets } },
  },
  dependencies: { domain: [], config: edges.map((target) => ({ target })) },
});

const check = (given: ProjectGraph) => checkGraph(root, given, ['domain', 'config']);

test('a graph that agrees with the sources has no problems', () => {
  expect(check(graph())).toEqual([]);
});

test('an import that Nx does not know is a problem', () => {
  expect(check(graph({ edges: [] }))).toEqual([
    "libs/config/src/local.ts imports @swe/domain, but Nx knows no edge from 'config' to 'domain'",
  ]);
});

test.each([[[]], [['layer:config', 'layer:app']], [['layer:unheard-of']]])(
  'layer tags %j are a problem',
  (tags) => {
    expect(check(graph({ configTags: tags }))).toEqual([
      expect.stringContaining("project 'config' must have exactly one known layer tag"),
    ]);
  },
);

test('a project that is not linted or type-checked is a problem', () => {
  expect(check({ ...graph({ targets: {} as never }) })).toEqual([
    "project 'config' has no target 'lint'",
    "project 'config' has no target 'typecheck'",
  ]);
});

test('a source outside every project is a problem', () => {
  write('libs/stray/src/index.ts', '');
  expect(check(graph())).toEqual(['libs/stray/src/index.ts belongs to no project']);
});

test('an alias that leads nowhere is a problem', () => {
  write('libs/config/src/other.ts', "import { x } from '@swe/nowhere';");
  expect(check(graph())).toEqual(['libs/config/src/other.ts imports @swe/nowhere, an alias of no project']);
});
