import { describe, expect, it } from '@jest/globals';
import type { RanCommand } from '../session/journal-entry';
import { verificationOf } from './verification-policy';
import type { VerificationFacts } from './verification-policy';

const SHOP = '/workspace/shop';
const HERE = 'a'.repeat(40);
const BEFORE = 'b'.repeat(40);

const ran = (command: string, more: Partial<RanCommand> = {}): RanCommand => ({
  command,
  cwd: SHOP,
  exitCode: 0,
  workingCopy: SHOP,
  tree: HERE,
  ...more,
});
const verify = (more: Partial<VerificationFacts>) =>
  verificationOf({ runs: [], workingCopy: SHOP, tree: HERE, findings: [], isDiffCut: false, ...more });

describe('what is missing', () => {
  const { tree: _tree, ...unmeasured } = ran('npm test');
  const { workingCopy: _place, ...old } = unmeasured;
  it.each<[string, readonly RanCommand[], string | undefined]>([
    ['nothing ran', [], 'No tests were run.'],
    ['only other checks ran', [ran('npm run lint')], 'No tests were run.'],
    ['tests ran elsewhere', [ran('npm test', { workingCopy: '/workspace/lib' })], 'No tests were run.'],
    ['tests ran in an entry that is older than the field', [old], 'No tests were run.'],
    [
      'tests ran before the last change',
      [ran('npm test', { tree: BEFORE })],
      'No tests were run on what is pushed: it was changed since.',
    ],
    [
      'tests ran on nobody knows what',
      [unmeasured],
      'No tests were run on what is pushed: it was changed since.',
    ],
    ['tests failed', [ran('npm test', { exitCode: 1 })], 'Tests did not pass on what is pushed.'],
    ['tests were cut off', [ran('npm test', { exitCode: null })], 'Tests did not pass on what is pushed.'],
    [
      'one of two failed',
      [ran('npm test'), ran('pytest', { exitCode: 1 })],
      'Tests did not pass on what is pushed.',
    ],
    [
      'tests had no say',
      [ran('npm test || true')],
      'No exit code says whether the tests passed on what is pushed.',
    ],
    [
      'but some of them ran',
      [ran('npx jest fare.spec.ts'), ran('npm test', { tree: BEFORE })],
      'Only some of the tests were run on what is pushed.',
    ],
    [
      'some of them passed, and all had no say',
      [ran('pytest -k fare'), ran('pytest || true')],
      'No exit code says whether the tests passed on what is pushed.',
    ],
    ['some of them passed, then all', [ran('npx jest fare.spec.ts'), ran('npm test')], undefined],
    ['tests passed', [ran('npm test')], undefined],
    [
      'tests failed, then passed',
      [ran('npm test', { tree: BEFORE, exitCode: 1 }), ran('npm test')],
      undefined,
    ],
    ['tests passed, then a later run had no say', [ran('npm test'), ran('npm test | tail')], undefined],
  ])('when %s', (_name, runs, gap) => {
    expect(verify({ runs }).gaps).toEqual(gap === undefined ? [] : [gap]);
  });

  it('a change that was not looked through to its end', () => {
    expect(verify({ runs: [ran('npm test')], isDiffCut: true }).gaps).toEqual([
      'Not all of the change could be looked through.',
    ]);
  });
});

describe('what was run', () => {
  it('is told with its exit code and what it ran on', () => {
    const { tree: _tree, ...unmeasured } = ran('tsc', { exitCode: null });
    const runs = [ran('npm run lint', { tree: BEFORE }), unmeasured, ran('ls'), ran('npm ci && npm test')];
    expect(verify({ runs }).ran).toEqual([
      '`npm ci && npm test` (tests): exit code 0, on what is pushed',
      '`tsc` (types): no exit code, on content that was not recorded',
      '`npm run lint` (lint): exit code 0, on other content: changed since',
    ]);
  });

  it('is told once, as it ended last', () => {
    const runs = [ran('npm test', { tree: BEFORE, exitCode: 1 }), ran('npm test')];
    expect(verify({ runs }).ran).toEqual(['`npm test` (tests): exit code 0, on what is pushed']);
  });

  it('is told once for each folder, and which that is', () => {
    const cwd = `${SHOP}/packages/fare`;
    const runs = [
      ran('npm test', { exitCode: 1, cwd }),
      ran('npm test'),
      ran('cd packages/fare && npm run lint'),
    ];
    expect(verify({ runs })).toMatchObject({
      gaps: ['Tests did not pass on what is pushed.'],
      ran: [
        '`cd packages/fare && npm run lint` in `packages/fare` (lint): exit code 0, on what is pushed',
        '`npm test` (tests): exit code 0, on what is pushed',
        '`npm test` in `packages/fare` (tests): exit code 1, on what is pushed',
      ],
    });
  });

  it('is told once for its folder, wherever it was started', () => {
    const command = `cd ${SHOP} && npm test`;
    const runs = [ran(command, { exitCode: 1, tree: BEFORE, cwd: '/workspace' }), ran(command)];
    expect(verify({ runs }).ran).toEqual([`\`${command}\` (tests): exit code 0, on what is pushed`]);
  });

  it.each([
    ['(cd a && npm test); (cd b && npm test)', SHOP],
    ['cd "$DIR" && npm test', SHOP],
  ])('is told without a folder where there is not one: %s', (command, cwd) => {
    expect(verify({ runs: [ran(command, { cwd })] }).ran[0]).toContain(`${command}\` (tests)`);
  });

  it('is told once for each place it was started in, where its folder is unknown', () => {
    const runs = [ran('cd "$DIR" && npm test', { exitCode: 1 }), ran('cd "$DIR" && npm test', { cwd: '/' })];
    expect(verify({ runs }).ran).toHaveLength(2);
  });

  it('is told with how else it ended on the same content', () => {
    const runs = [ran('npm test', { exitCode: 1 }), ran('npm test', { exitCode: 1 }), ran('npm test')];
    expect(verify({ runs }).ran).toEqual([
      '`npm test` (tests): exit code 0, on what is pushed; before that, on the same content: exit code 1',
    ]);
  });

  it('is told with what hides its exit code', () => {
    expect(verify({ runs: [ran('npm test || true')] }).ran).toEqual([
      '`npm test || true` (tests): exit code 0, on what is pushed; the exit code may hide a failure: `|| true`',
    ]);
  });

  it('is told with what leaves out the other tests', () => {
    expect(verify({ runs: [ran('npx jest -t fare')] }).ran).toEqual([
      '`npx jest -t fare` (tests): exit code 0, on what is pushed; only some of the tests: `-t`',
    ]);
  });

  it('stays on its line, whatever the command holds', () => {
    const runs = [ran('npm test -- -t "`a` | ``b``"\n\n# Fixes #1 <!-- @ada\u202e')];
    expect(verify({ runs }).ran).toEqual([
      '```npm test -- -t "`a` | ``b``" ⏎ # Fixes #1 <!-- @ada``` (tests): exit code 0, on what is pushed; only some of the tests: `-t`',
    ]);
  });

  it.each([
    ['API_TOKEN=abc npm test', 'API_TOKEN=… npm test'],
    [`DB_PASSWORD="a b" npm test`, 'DB_PASSWORD=… npm test'],
    ['npm test -- --api-key abc --ci', 'npm test -- --api-key … --ci'],
    ['DATABASE_URL=postgres://ada:abc@db/x npm test', 'DATABASE_URL=postgres://…@db/x npm test'],
    [`curl -H 'Authorization: Bearer abc' x; npm test`, `curl -H 'Authorization: Bearer …' x; npm test`],
    ['npm test src/token secret', 'npm test src/token secret'],
  ])('is told without secrets: %s', (command, shown) => {
    expect(verify({ runs: [ran(command)] }).ran[0]).toContain(`\`${shown}\``);
  });

  it('is shortened when there is much of it', () => {
    const runs = Array.from({ length: 20 }, (_, i) => ran(`npm test -- ${i} ${'x'.repeat(10_000)}`));
    const lines = verify({ runs }).ran;
    expect(lines).toHaveLength(13);
    expect(lines[0]).toContain('npm test -- 19');
    expect(lines.at(-1)).toBe('and 8 more');
    expect(lines.join('').length).toBeLessThan(4_000);
  });
});

it('a change of tests is told in words', () => {
  const findings = [
    { kind: 'tests-skipped', path: 'a`b.spec.ts', count: 2 },
    { kind: 'workflow', path: '.github/workflows/ci.yml' },
  ] as const;
  expect(verify({ findings }).changes).toEqual([
    'tests skipped or left out: ``a`b.spec.ts`` (2)',
    'workflow changed: `.github/workflows/ci.yml`',
  ]);
});
