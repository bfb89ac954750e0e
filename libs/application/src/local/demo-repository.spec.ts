import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { demoModules } from './demo-library';
import { demoRepository } from './demo-repository';
import type { DemoRepository } from './demo-repository';

const demoAt = (fraction: number): DemoRepository =>
  demoRepository({ fraction: () => fraction, id: () => '0123456789abcdef0123456789abcdef' });

const numbersIn = (text: string): readonly string[] => text.match(/(?<![\w.-])\d+(?:\.\d+)?(?![\w-])/g) ?? [];

describe('demoRepository', () => {
  it('is well-formed whatever chance says', () => {
    const chance = fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true });
    fc.assert(
      fc.property(chance, (fraction) => {
        const { name, files, issue, bug } = demoAt(fraction);
        const module = demoModules.find((each) => bug.file === `src/${each.name}.js`);
        const source = files[bug.file] ?? '';

        expect(source).not.toBe(module?.source);
        expect(source).toContain(`export function ${bug.function}(`);
        const others = demoModules.filter((each) => each !== module);
        for (const each of others) expect(files[`src/${each.name}.js`]).toBe(each.source);

        const told = `${issue.title}\n${issue.body}`;
        expect(told).not.toContain(bug.file);
        expect(numbersIn(told)).not.toContain(bug.right);
        expect(numbersIn(told)).not.toContain(bug.wrong);
        expect(issue.body).toMatch(/Expected: [\d.]+\nActual: [\d.]+\n$/);
        expect(issue.labels).toEqual(['bug']);

        expect(name).toBe('bookshop-012345');
        expect(JSON.parse(files['package.json'] ?? '')).toMatchObject({
          name,
          type: 'module',
          scripts: { test: 'node --test' },
        });
        for (const path of ['README.md', 'AGENTS.md', 'LICENSE', '.gitignore'])
          expect(files[path]).toBeTruthy();
      }),
    );
  });

  it('has room for chance: many functions, many numbers', () => {
    const functions = demoModules.flatMap(({ source }) => source.match(/export function \w+/g) ?? []);
    expect(functions.length).toBeGreaterThanOrEqual(15);
    const bugs = new Set(Array.from({ length: 500 }, (_, i) => JSON.stringify(demoAt(i / 500).bug)));
    expect(bugs.size).toBeGreaterThan(100);
  });

  it.each(
    demoModules.flatMap(({ name, source, bugs }) =>
      bugs.map((site) => [name, site.code, site, source] as const),
    ),
  )('finds the number of %s at "%s", once', (_name, code, { right }, source) => {
    expect(source.split(code)).toHaveLength(2);
    expect(code.split(right)).toHaveLength(2);
  });

  it('names its repository by chance', () => {
    const id = () => 'fedcba9876543210fedcba9876543210';
    expect(demoRepository({ fraction: () => 0, id }).name).toBe('bookshop-fedcba');
  });
});

describe('the tests of a demo repository, run for real', () => {
  const PICKS = 12;

  it.each(Array.from({ length: PICKS }, (_, i) => [demoAt((i + 0.5) / PICKS)] as const))(
    'fail for the wrong function only, and pass once it is right: %#',
    (demo) => {
      const folder = mkdtempSync(join(tmpdir(), 'demo-repository-'));
      try {
        write(folder, demo.files);
        const failed = failedTests(folder);
        const testFile = demo.files[demo.bug.file.replace('src/', 'test/').replace('.js', '.test.js')] ?? '';
        expect(failed).toHaveLength(1);
        expect(functionsTestedBy(testFile, failed[0] ?? '')).toEqual([demo.bug.function]);
        expect(callsOf(folder, demo)).toMatch(
          /Actual: ([\d.]+)\n$/.exec(demo.issue.body)?.[1] ?? 'no number',
        );

        const module = demoModules.find(({ name }) => demo.bug.file === `src/${name}.js`);
        write(folder, { [demo.bug.file]: module?.source ?? '' });
        expect(failedTests(folder)).toEqual([]);
        expect(callsOf(folder, demo)).toMatch(
          /Expected: ([\d.]+)\n/.exec(demo.issue.body)?.[1] ?? 'no number',
        );
      } finally {
        rmSync(folder, { recursive: true });
      }
    },
  );
});

function write(folder: string, files: Readonly<Record<string, string>>): void {
  for (const [path, content] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), content);
  }
}

function node(folder: string, ...args: readonly string[]): string {
  // Without the marker of the runner that this spec may itself run under.
  const { NODE_TEST_CONTEXT: _context, NODE_OPTIONS: _options, ...env } = process.env;
  return spawnSync(process.execPath, args, { cwd: folder, env, encoding: 'utf8' }).stdout;
}

function failedTests(folder: string): readonly string[] {
  const report = node(folder, '--test', '--test-isolation=none', '--test-reporter=tap');
  expect(report).toMatch(/^# pass [1-9]/m);
  return [...report.matchAll(/^not ok \d+ - (.*)$/gm)].map(([, name = '']) => name);
}

function functionsTestedBy(testFile: string, name: string): readonly string[] {
  const body = testFile.slice(testFile.indexOf(`test('${name}'`)).split('\n});')[0] ?? '';
  return [...new Set([...body.matchAll(/equal\((\w+)\(/g)].map(([, called = '']) => called))];
}

/** What the issue's example gives. */
function callsOf(folder: string, { issue, bug }: DemoRepository): string {
  const example = /\n\n(.*);\n```/.exec(issue.body)?.[1];
  const script = `import { ${bug.function} } from './src/index.js'; console.log(${example});`;
  return node(folder, '--input-type=module', '--eval', script);
}
