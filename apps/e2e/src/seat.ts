import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import xterm from '@xterm/headless';
import type { Machine } from './swe';

const BUNDLE = fileURLToPath(new URL('../../../dist/apps/local/index.mjs', import.meta.url));
const SIZE = { columns: 80, rows: 24 };

export type Seat = ReturnType<typeof sitDown>;

/** Runs `swe` on a pseudo-terminal, as a person at 80 columns sees it. */
export function sitDown(
  machine: Pick<Machine, 'folder'>,
  args: readonly string[],
  environment: Readonly<Record<string, string>>,
) {
  const swe = ['stty', `cols ${SIZE.columns} rows ${SIZE.rows};`, 'exec', process.execPath, BUNDLE, ...args];
  const child = spawn('script', ['--quiet', '--return', '--command', swe.join(' '), '/dev/null'], {
    cwd: machine.folder,
    env: {
      PATH: process.env['PATH'],
      HOME: join(machine.folder, 'home'),
      SWE_HOME: join(machine.folder, 'swe'),
      TERM: 'xterm-256color',
      ...environment,
    },
  });
  const terminal = new xterm.Terminal({
    cols: SIZE.columns,
    rows: SIZE.rows,
    scrollback: 1_000,
    allowProposedApi: true,
  });
  const looking = new Set<() => void>();
  child.stdout.on('data', (data: Buffer) => terminal.write(data, () => looking.forEach((look) => look())));
  const ended = new Promise<number | null>((resolve) => {
    // What it wrote last is on the screen then.
    child.once('close', (code) => terminal.write('', () => resolve(code)));
  });
  const screen = (): string => {
    const { active } = terminal.buffer;
    return Array.from({ length: active.length }, (_, y) => active.getLine(y)?.translateToString(true))
      .join('\n')
      .trimEnd();
  };
  return {
    ended,
    screen,
    type: (keys: string) => child.stdin.write(keys),
    sees: (words: string): Promise<void> =>
      new Promise((resolve, reject) => {
        const look = (): void => {
          if (screen().includes(words)) resolve(void looking.delete(look));
        };
        looking.add(look);
        look();
        void ended.then(() => reject(new Error(`ended without "${words}":\n${screen()}`)));
      }),
    modes: () => terminal.modes,
  };
}
