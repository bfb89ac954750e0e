import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { mkdir, mkdtemp, realpath, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { delimiter, dirname, join } from 'node:path';
import { createInterface } from 'node:readline';
import { Readable } from 'node:stream';
import { setTimeout as sleep } from 'node:timers/promises';
import { lives, pidIn } from '@swe/testing/host';
import { openBubblewrap } from './bubblewrap';
import type { Sandbox } from './sandbox';
import { ServerPrograms } from './server-programs';

const PATH = [dirname(process.execPath), '/usr/local/bin:/usr/bin:/bin'].join(delimiter);

let top: string;
let person: string;
let programs: ServerPrograms;
beforeEach(async () => {
  top = await realpath(await mkdtemp(join(tmpdir(), 'server-programs-')));
  person = join(top, 'person');
  await mkdir(join(top, 'workspace'), { recursive: true });
  await mkdir(person);
});
afterEach(async () => {
  await programs.close();
  await rm(top, { recursive: true });
});

function open(openSandbox: (temporary: string) => Promise<Sandbox | undefined>): void {
  programs = new ServerPrograms({
    folder: join(top, 'servers'),
    environment: { PATH },
    writable: [join(top, 'workspace')],
    openSandbox,
  });
}

const bare = async (): Promise<undefined> => undefined;
const boxed = (temporary: string): Promise<Sandbox> =>
  openBubblewrap({
    path: PATH,
    programs: [process.execPath],
    homes: [person],
    hidden: [],
    readable: [],
    temporary,
  });

const probe = await mkdtemp(join(tmpdir(), 'server-programs-probe-'));
const absence = await openBubblewrap({
  path: PATH,
  programs: [],
  homes: [],
  hidden: [],
  readable: [],
  temporary: probe,
}).then(
  () => '',
  (error: unknown) => ` (skipped, no bubblewrap here: ${String(error).split('\n', 1)[0]})`,
);
await rm(probe, { recursive: true });

async function started(
  script: string,
  over: { environment?: Record<string, string>; readable?: string[] } = {},
) {
  const program = await programs.start({
    name: 'a/b',
    argv: ['bash', '-c', script],
    environment: over.environment ?? {},
    readable: over.readable ?? [],
  });
  const lines = createInterface({ input: Readable.from(program.output) })[Symbol.asyncIterator]();
  return { ...program, line: async (): Promise<string | undefined> => (await lines.next()).value };
}

describe.each([
  { how: 'bare', openSandbox: bare, reason: '' },
  { how: 'in bubblewrap', openSandbox: boxed, reason: absence },
])('a program that is spoken to, $how$reason', ({ openSandbox, reason }) => {
  const test = reason === '' ? it : it.skip;
  beforeEach(() => open(openSandbox));

  test('answers what is written to it, apart from its complaints', async () => {
    const program = await started('while read -r line; do echo "got $line"; echo "hm $line" >&2; done');
    await program.write('one\n');
    expect(await program.line()).toBe('got one');
    await program.write('two\n');
    expect(await program.line()).toBe('got two');
    // Another pipe than the answers', and not in step with it.
    while (!program.complaint().includes('hm one')) await sleep(5);
  });

  test('has the environment it was given, a home of its own, and nothing else', async () => {
    const program = await started('env -0 | sort -z | tr "\\0" "\\n"; echo "in $(pwd)"', {
      environment: { TOKEN: 'x y', PATH: `${PATH}:/own` },
    });
    const lines: (string | undefined)[] = [];
    for (let line = await program.line(); line !== undefined; line = await program.line()) lines.push(line);
    const home = lines.find((line) => line?.startsWith('HOME='))?.slice('HOME='.length) ?? '';
    expect(home.startsWith(join(top, 'servers'))).toBe(true);
    expect(lines.filter((line) => !/^(SWE_RUN|_|SHLVL|PWD|OLDPWD)=/.test(line ?? ''))).toEqual([
      `HOME=${home}`,
      `PATH=${PATH}:/own`,
      'TOKEN=x y',
      `in ${home}`,
    ]);
  });

  test('ends with all that it has started, also when it does not want to', async () => {
    const program = await started('trap "" TERM; sleep 1000 & echo "$!"; while :; do sleep 1; done');
    await program.line();
    await program.end();
    expect(await program.line()).toBeUndefined();
    await program.end();
  });

  test('that ends by itself ends its output, and takes no more', async () => {
    const program = await started('echo "cannot work" >&2; exit 3');
    expect(await program.line()).toBeUndefined();
    await program.write('anybody?\n'.repeat(100_000));
    expect(program.complaint()).toContain('cannot work');
    await program.end();
  });
});

it('what a bare one has started ends with it', async () => {
  open(bare);
  const program = await started('sleep 1000 & echo "$!"; wait');
  const pid = Number(await program.line());
  expect(lives(pid)).toBe(true);
  await program.end();
  expect(lives(pid)).toBe(false);
});

it('what one has written that ended meanwhile can be read', async () => {
  open(bare);
  const spec = { name: 'a', environment: {}, readable: [] };
  const note = join(top, 'pid');
  const argv = ['bash', '-c', `echo said; echo $$ >${note}.new; mv ${note}.new ${note}`] as const;
  const program = await programs.start({ ...spec, argv });
  const pid = await pidIn(note);
  while (lives(pid)) await sleep(5);
  // Whoever knows of this one's end knows of that one's.
  const other = await programs.start({ ...spec, name: 'b', argv: ['true'] });
  await other.end();
  expect(Buffer.concat(await Array.fromAsync(program.output)).toString()).toBe('said\n');
});

it('one that does not exist can’t be started', async () => {
  open(bare);
  const spec = { name: 'x', argv: ['no-such-program'], environment: {}, readable: [] } as const;
  await expect(programs.start(spec)).rejects.toMatchObject({ kind: 'missing' });
});

(absence === '' ? it : it.skip)(
  `a boxed one sees of the person’s files what it is let see${absence}`,
  async () => {
    open(boxed);
    for (const name of ['open', 'closed']) {
      await mkdir(join(person, name));
      await writeFile(join(person, name, 'file'), name);
    }
    const [seen, unseen] = [join(person, 'open'), join(person, 'closed')];
    const script = `cat ${seen}/file; echo; cat ${unseen}/file; echo; touch ${seen}/new ${top}/workspace/new; echo $?`;
    const program = await started(script, { readable: [seen] });
    expect([await program.line(), await program.line(), await program.line()]).toEqual(['open', '', '1']);
  },
);
