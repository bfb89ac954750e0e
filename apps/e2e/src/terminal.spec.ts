import { spawn, spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { openLoopbackOpenAi } from '@swe/testing/servers';
import type { LoopbackScript } from '@swe/testing/servers';
import xterm from '@xterm/headless';
import { openMachine } from './swe';
import type { Machine } from './swe';

const BUNDLE = fileURLToPath(new URL('../../../dist/apps/local/index.mjs', import.meta.url));
const SIZE = { columns: 80, rows: 24 };

let machine: Machine;
beforeEach(() => {
  machine = openMachine();
});
afterEach(() => machine.close());

/** Runs `swe` on a pseudo-terminal, as a person at 80 columns sees it. */
function sitDown(args: readonly string[], environment: Readonly<Record<string, string>>) {
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

async function withModel(
  script: LoopbackScript,
  look: (seat: ReturnType<typeof sitDown>) => Promise<void>,
): Promise<void> {
  const root = machine.makeRepository('fares', { 'README.md': '# Fares\n' });
  const server = await openLoopbackOpenAi(script);
  try {
    const args = ['run', '--repo', root, '--task', 'Go.', '--model', 'openai-compatible/any'];
    await look(sitDown(args, { SWE_MODEL_BASE_URL: server.url }));
  } finally {
    await server.close();
  }
}

const hasScript = spawnSync('script', ['--version'], { encoding: 'utf8' }).stdout?.includes('util-linux');
const onTerminal = hasScript ? describe : describe.skip;

onTerminal('at a terminal (skipped where util-linux has no `script`)', () => {
  it('a question is answered at the prompt, and nothing but the transcript is left', () =>
    withModel(
      [
        { calls: [{ name: 'ask_user', input: { question: 'Half of the price?' } }] },
        { say: 'Then it costs half.' },
      ],
      async ({ sees, type, ended, screen, modes }) => {
        await sees('answer> the agent waits for your answer');
        type('Yes, 半分\r');
        expect(await ended).toBe(0);
        const shown = screen();
        expect(shown).toMatch(/\n> Yes, 半分\n/);
        expect(shown).toMatch(/\nThen it costs half\.\n {2}\[.*\]\n\nAnswered\.$/);
        expect(shown).not.toMatch(/answer>|Ctrl-C|[⠋⠙⠹⠸⠼⠴⠦⠧⠇⠏]/);
        expect(shown.match(/Half of the price\?/g)).toHaveLength(1);
        expect(modes().bracketedPasteMode).toBe(false);
      },
    ));

  it('Ctrl-C stops a model call that hangs, Ctrl-D before it does not', () =>
    withModel([{ say: 'I think', ending: 'hang' }], async ({ sees, type, ended, screen, modes }) => {
      await sees('the model answers');
      type('\u0004');
      type('half a word');
      await sees('> half a word');
      type('\u0003');
      expect(await ended).toBe(130);
      expect(screen()).toContain('Stopping...');
      expect(screen()).toMatch(/\nStopped\.$/);
      expect(screen()).not.toMatch(/half a word|[⠋⠙⠹⠸⠼⠴⠦⠧⠇⠏]/);
      expect(modes().bracketedPasteMode).toBe(false);
    }));
});
