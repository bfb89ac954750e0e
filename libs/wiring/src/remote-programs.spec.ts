import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { Readable } from 'node:stream';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { connectShell } from '@swe/adapter-host/shell';
import type { Shell, SpokenProgram, SpokenPrograms } from '@swe/adapter-host/shell';
import { lives } from '@swe/testing/host';
import { NO_PROGRAMS, openShellHost, shellOptions, shellsWith } from './shell-host-fixture';

const PATH = '/usr/local/bin:/usr/bin:/bin';
const MIB = 1024 * 1024;

let host: Awaited<ReturnType<typeof openShellHost>>;
let shell: Shell;
let programs: SpokenPrograms;
async function open(over?: SpokenPrograms['start']): Promise<void> {
  host = await openShellHost(over && shellsWith(over));
  shell = await connectShell(host.socketPath, shellOptions(join(host.folder, 'session'), NO_PROGRAMS));
  programs = await shell.openPrograms({ environment: { PATH } });
}
afterEach(async () => {
  await shell[Symbol.asyncDispose]();
  await host.close();
});

const spec = (script: string, environment: Readonly<Record<string, string>> = {}) =>
  ({ name: 'a', argv: ['bash', '-c', script], environment, readable: [] }) as const;

async function started(script: string, environment?: Readonly<Record<string, string>>) {
  const program = await programs.start(spec(script, environment));
  const lines = createInterface({ input: Readable.from(program.output) })[Symbol.asyncIterator]();
  return { program, line: async (): Promise<string | undefined> => (await lines.next()).value };
}

describe('a program that is spoken to over a connection', () => {
  beforeEach(() => open());

  it('answers what is written to it, and its complaints are known by its end', async () => {
    const { program, line } = await started(
      'while read -r line; do echo "got $line"; echo "hm $line" >&2; done',
    );
    await program.write('ein Stück\n');
    expect(await line()).toBe('got ein Stück');
    await program.write('two\n');
    expect(await line()).toBe('got two');
    await program.end();
    const other = await started('echo "cannot work" >&2; exit 3');
    expect(await other.line()).toBeUndefined();
    expect(other.program.complaint()).toContain('cannot work');
    await other.program.write('anybody?\n'.repeat(100_000));
    await other.program.end();
  });

  it('has the environment it was given, and nothing of the host’s', async () => {
    process.env['OF_THE_HOST'] = 'x';
    try {
      const { line } = await started('echo "$TOKEN $OF_THE_HOST."', { TOKEN: 'a b' });
      expect(await line()).toBe('a b .');
    } finally {
      delete process.env['OF_THE_HOST'];
    }
  });

  it('takes and gives what is large, whole', async () => {
    const text = 'abcdefg\n'.repeat(MIB);
    const program = await programs.start(spec(`head -c ${text.length} | tr a-g A-G`));
    const written = program.write(text);
    const given = Buffer.concat(await Array.fromAsync(program.output));
    await written;
    expect(given.equals(Buffer.from(text.toUpperCase()))).toBe(true);
  });

  it('can’t be started where it does not exist', async () => {
    const none = { ...spec(''), argv: ['no-such-program'] } as const;
    await expect(programs.start(none)).rejects.toMatchObject({ kind: 'missing' });
  });

  it('ends with all that it has started, once', async () => {
    const { program, line } = await started(
      'trap "" TERM; sleep 1000 & echo "$!"; while :; do sleep 1; done',
    );
    const pid = Number(await line());
    expect(lives(pid)).toBe(true);
    await program.end();
    expect(lives(pid)).toBe(false);
    expect(await line()).toBeUndefined();
    await program.end();
    await program.write('anybody?\n');
  });

  it('ends with its connection, also where it is silent and deaf', async () => {
    const { program, line } = await started('echo $$; exec sleep 1000');
    const pid = Number(await line());
    const written = program.write('x'.repeat(4 * MIB));
    await shell[Symbol.asyncDispose]();
    expect(lives(pid)).toBe(false);
    await written;
  });

  it('is transiently gone when its host ends, and another one starts in the next one', async () => {
    const program = await programs.start(spec('echo $$; exec sleep 1000'));
    const output = program.output[Symbol.asyncIterator]();
    const pid = Number(Buffer.from((await output.next()).value));
    const next = expect(output.next()).rejects.toMatchObject({ kind: 'transient' });
    await host.stop();
    await next;
    expect(lives(pid)).toBe(false);
    await program.write('anybody?\n');
    await program.end();

    await host.restart();
    const { line } = await started('echo again');
    expect(await line()).toBe('again');
  });

  it('is missing to who did not read while its host was lost', async () => {
    const program = await programs.start(spec('echo $$; exec sleep 1000'));
    await host.restart();
    const output = program.output[Symbol.asyncIterator]();
    await expect(output.next()).rejects.toMatchObject({ kind: 'missing' });
  });
});

describe('between who speaks and the program', () => {
  /** What has happened, in order. */
  let seen: string[];
  let takes: PromiseWithResolvers<void>;
  beforeEach(async () => {
    [seen, takes] = [[], Promise.withResolvers()];
    await open(async (): Promise<SpokenProgram> => ({
      output: (async function* () {
        for (let piece = 1; ; piece += 1) {
          seen.push(`piece ${piece}`);
          yield Buffer.alloc(300 * 1024, piece);
        }
      })(),
      complaint: () => '',
      write: () => takes.promise,
      end: async () => takes.resolve(),
    }));
  });

  it('nothing is kept that nobody reads, and a piece is no larger than it may be', async () => {
    const { output } = await programs.start(spec(''));
    await shell.workspace.stat('.');
    expect(seen).toEqual([]);
    const pieces = output[Symbol.asyncIterator]();
    const sizes: number[] = [];
    for (let count = 0; count < 3; count += 1) sizes.push((await pieces.next()).value?.length ?? 0);
    await shell.workspace.stat('.');
    expect(sizes).toEqual([256 * 1024, 44 * 1024, 256 * 1024]);
    expect(seen).toEqual(['piece 1', 'piece 2']);
  });

  it('who writes waits until it is taken, and nobody else waits for that', async () => {
    const program = await programs.start(spec(''));
    const written = program.write('x').then(() => seen.push('written'));
    await shell.workspace.stat('.');
    seen.push('others');
    takes.resolve();
    await written;
    expect(seen).toEqual(['others', 'written']);
  });
});
