import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { sessionIdOf } from '../session/session-id';
import { isRefused, judgeRefs, judgeWeakening, judgeWorkflows } from './push-policy';
import type { PushCommand, WorkflowFinding } from './push-policy';
import { sessionBranch } from './session-branch';

const own = sessionIdOf('terminal:1', 1);
const other = sessionIdOf('terminal:2', 1);
const branch = sessionBranch(own);

const ZERO = '0'.repeat(40);
const [OLD, NEW] = ['1'.repeat(40), '2'.repeat(40)];

function update(ref: string, change: Partial<PushCommand> = {}): PushCommand {
  return { ref, oldId: OLD, newId: NEW, ...change };
}

describe('which refs a session may push', () => {
  it.each<[string, PushCommand, string | undefined]>([
    ['its branch', update(`refs/heads/${branch}`), undefined],
    ['its branch, new', update(`refs/heads/${branch}`, { oldId: ZERO }), undefined],
    ['its branch for an issue', update(`refs/heads/${sessionBranch(own, 7)}`), undefined],
    ['another of its branches', update(`refs/heads/${branch}-second/try_1.0`), undefined],
    ['main', update('refs/heads/main'), 'only its own branches'],
    ["another session's branch", update(`refs/heads/${sessionBranch(other)}`), 'only its own branches'],
    ['one that only begins alike', update(`refs/heads/${branch}x`), 'only its own branches'],
    ['one below it', update(`refs/heads/${branch}/x`), 'only its own branches'],
    ['one that climbs', update(`refs/heads/${branch}-/../../main`), 'letters, digits'],
    ['one with dots', update(`refs/heads/${branch}-a..b`), 'letters, digits'],
    ['one with a line break', update(`refs/heads/${branch}-a\nrefs/heads/main`), 'letters, digits'],
    ['one with a space', update(`refs/heads/${branch}-a b`), 'letters, digits'],
    ['its branch, to be deleted', update(`refs/heads/${branch}`, { newId: ZERO }), 'deleted'],
    ['main, to be deleted', update('refs/heads/main', { newId: ZERO }), 'deleted'],
    [
      'main, to be deleted, of SHA-256',
      update('refs/heads/main', { newId: ZERO.padEnd(64, '0') }),
      'deleted',
    ],
    ['a tag', update('refs/tags/v1', { oldId: ZERO }), 'tags'],
    ['a tag named as its branch', update(`refs/tags/${branch}`), 'tags'],
    ['a note', update('refs/notes/commits'), 'only branches'],
    ['a pull request', update('refs/pull/1/head'), 'only branches'],
    ['HEAD', update('HEAD'), 'only branches'],
    ['a branch without its folder', update(branch), 'only branches'],
    ['another case', update(`REFS/HEADS/${branch}`), 'only branches'],
    ['nothing', update(''), 'only branches'],
  ])('%s', (_name, command, says) => {
    const [decision] = judgeRefs([command], own);
    expect(decision?.ref).toBe(command.ref);
    if (says === undefined) expect(decision?.refusal).toBeUndefined();
    else expect(decision?.refusal).toContain(says);
  });

  it('one ref that is refused keeps all others back, each with its reason', () => {
    const refs = [`refs/heads/${branch}`, 'refs/heads/main', 'refs/tags/v1', `refs/heads/${branch}-b`];
    const decisions = judgeRefs(
      refs.map((ref) => update(ref)),
      own,
    );
    expect(decisions.map(({ ref }) => ref)).toEqual(refs);
    expect(decisions.map(({ refusal }) => refusal)).toEqual([
      'not pushed, because another ref of this push is refused',
      expect.stringContaining('only its own branches'),
      expect.stringContaining('tags'),
      'not pushed, because another ref of this push is refused',
    ]);
    expect(isRefused(decisions)).toBe(true);
  });

  it('forty refs are judged one by one', () => {
    const refs = Array.from({ length: 40 }, (_, at) => `refs/heads/${branch}-${at}`);
    const commands = refs.map((ref) => update(ref));
    expect(isRefused(judgeRefs(commands, own))).toBe(false);
    const mixed = [...commands.slice(0, 39), update('refs/heads/main')];
    expect(judgeRefs(mixed, own).filter(({ refusal }) => refusal?.includes('only its own'))).toHaveLength(1);
    expect(judgeRefs(mixed, own).every(({ refusal }) => refusal !== undefined)).toBe(true);
  });

  it('whatever a name is made of, what passes is a branch of the session', () => {
    const part = fc.constantFrom(
      'refs',
      'heads',
      'tags',
      'main',
      own,
      other,
      'swe',
      '/',
      '-',
      '..',
      '.',
      ' ',
    );
    fc.assert(
      fc.property(fc.array(part, { maxLength: 12 }), (parts) => {
        const ref = parts.join('');
        if (isRefused(judgeRefs([update(ref)], own))) return;
        expect(ref === `refs/heads/${branch}` || ref.startsWith(`refs/heads/${branch}-`)).toBe(true);
        expect(ref).not.toMatch(/\.\.|\s/);
      }),
    );
  });

  it('a reason is one line, as the wire wants it', () => {
    const refs = ['refs/heads/main', 'refs/tags/v', 'HEAD', `refs/heads/${branch}-a b`];
    for (const { refusal } of judgeRefs(
      refs.map((ref) => update(ref)),
      own,
    )) {
      expect(refusal).toMatch(/^[\x20-\x7e]+$/);
    }
  });
});

describe('whether workflow files may be pushed', () => {
  const commands = [
    update(`refs/heads/${branch}`, { newId: 'a'.repeat(40) }),
    update(`refs/heads/${branch}-b`, { newId: 'b'.repeat(40) }),
  ];
  const judge = (...found: readonly (WorkflowFinding | undefined)[]) =>
    judgeWorkflows(
      commands,
      new Map(
        commands.flatMap(({ newId }, at) => {
          const finding = found[at];
          return finding === undefined ? [] : [[newId, finding] as const];
        }),
      ),
    ).map(({ refusal }) => refusal);

  it('unchanged ones may', () => {
    expect(judge('unchanged', 'unchanged')).toEqual([undefined, undefined]);
  });

  it('changed ones may not, and nothing else of that push may', () => {
    expect(judge('unchanged', 'changed')).toEqual([
      expect.stringContaining('another ref'),
      expect.stringContaining('needs leave of a person'),
    ]);
  });

  it.each<[string, WorkflowFinding | undefined]>([
    ['what cannot be read', 'unreadable'],
    ['what nobody looked at', undefined],
  ])('%s may not', (_name, finding) => {
    expect(judge(finding, 'unchanged')[0]).toContain('push from a clone in the workspace');
  });
});

describe('whether a repair may be pushed', () => {
  const [first, second] = [update(`refs/heads/${branch}`), update(`refs/heads/${branch}-b`)];

  it('one that leaves checks as strict as they are may', () => {
    expect(isRefused(judgeWeakening([first], new Map([[first.ref, []]])))).toBe(false);
  });

  it('one that makes them say less is refused, with how, and with all others', () => {
    const lines = new Map([
      [first.ref, ['tests deleted: `a`', 'workflow changed: `b`\nc']],
      [second.ref, []],
    ]);
    const [refused, other] = judgeWeakening([first, second], lines);
    expect(refused?.refusal).toContain(
      'say less: tests deleted: `a`; workflow changed: `b` c. Repair the code',
    );
    expect(refused?.refusal).toContain('ask_user');
    expect(other?.refusal).toContain('another ref');
  });

  it('one that nothing was found about is refused', () => {
    expect(isRefused(judgeWeakening([first], new Map()))).toBe(true);
  });
});
