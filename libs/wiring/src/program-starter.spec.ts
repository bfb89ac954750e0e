import { expect, it } from '@jest/globals';
import type { SpokenProgram, SpokenProgramSpec, SpokenPrograms } from '@swe/adapter-host/shell';
import { Fault } from '@swe/domain';
import { GuardedPrograms, programStarter } from './program-starter';

const running: SpokenProgram = {
  output: (async function* () {})(),
  complaint: () => '',
  write: async () => undefined,
  end: async () => undefined,
};

/** Notes what is started where. */
function places() {
  const started: string[] = [];
  const noting = (place: string): SpokenPrograms => ({
    async start(spec: SpokenProgramSpec) {
      expect(spec).not.toHaveProperty('holdsSecrets');
      started.push(`${spec.name} in ${place}`);
      return running;
    },
  });
  return { started, programs: noting('the shell'), guarded: noting('the other') };
}

const program = (holdsSecrets: boolean, over: Partial<SpokenProgramSpec> = {}) => {
  const name = holdsSecrets ? 'with' : 'without';
  return { name, argv: ['node'], environment: {}, readable: [], ...over, holdsSecrets } as const;
};
const workspaceFolder = '/work/space';

it.each([
  { isShellApart: false, isGuarded: false, with: 'with in the shell' },
  { isShellApart: true, isGuarded: true, with: 'with in the other' },
  { isShellApart: false, isGuarded: true, with: 'with in the other' },
])('starts where it belongs a program, %j', async ({ isShellApart, isGuarded, with: expected }) => {
  const { started, programs, guarded } = places();
  const start = programStarter({
    programs,
    isShellApart,
    guarded: isGuarded ? guarded : undefined,
    workspaceFolder,
  });
  await start(program(true));
  await start(program(false, { argv: ['node', workspaceFolder] }));
  expect(started).toEqual([expected, 'without in the shell']);
});

it('refuses a program with a secret where only the shell’s user could start it', async () => {
  const { started, programs } = places();
  const start = programStarter({ programs, isShellApart: true, guarded: undefined, workspaceFolder });
  await expect(start(program(true))).rejects.toMatchObject({
    kind: 'denied',
    message: expect.stringContaining('SWE_TOOLS_SOCKET'),
  });
  expect(started).toEqual([]);
});

it.each([
  { argv: ['node', `--root=${workspaceFolder}/shop`] as const },
  { environment: { ROOT: workspaceFolder } },
])('refuses a program with a secret that is to see the workspace: %j', async (over) => {
  const { started, programs, guarded } = places();
  const start = programStarter({ programs, isShellApart: true, guarded, workspaceFolder });
  await expect(start(program(true, over))).rejects.toMatchObject({
    kind: 'denied',
    message: expect.stringContaining('${workspaceFolder}'),
  });
  expect(started).toEqual([]);
});

it('opens the other shell with the first program, again where that failed, and closes it once', async () => {
  const { started, guarded } = places();
  const seen: string[] = [];
  const answers = [Promise.reject(new Fault('transient', 'not yet')), undefined];
  const programs = new GuardedPrograms(async () => {
    seen.push('opened');
    await answers.shift();
    return { programs: guarded, shell: { [Symbol.asyncDispose]: async () => void seen.push('closed') } };
  });
  expect(seen).toEqual([]);
  const { holdsSecrets: _, ...spec } = program(true);
  await expect(programs.start(spec)).rejects.toMatchObject({ kind: 'transient' });
  await Promise.all([programs.start(spec), programs.start(spec)]);
  await programs[Symbol.asyncDispose]();
  expect(started).toHaveLength(2);
  expect(seen).toEqual(['opened', 'opened', 'closed']);
});

it('what was never opened is not closed', async () => {
  const programs = new GuardedPrograms(() => Promise.reject(new Error('nobody asked')));
  await programs[Symbol.asyncDispose]();
});
