import { spawnSync } from 'node:child_process';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { openLoopbackOpenAi } from '@swe/testing/servers';
import type { LoopbackScript } from '@swe/testing/servers';
import { sitDown } from './seat';
import type { Seat } from './seat';
import { openMachine } from './swe';
import type { Machine } from './swe';

let machine: Machine;
beforeEach(() => {
  machine = openMachine();
});
afterEach(() => machine.close());

async function withModel(script: LoopbackScript, look: (seat: Seat) => Promise<void>): Promise<void> {
  const root = machine.makeRepository('fares', { 'README.md': '# Fares\n' });
  const server = await openLoopbackOpenAi(script);
  try {
    const args = ['run', '--repo', root, '--task', 'Go.', '--model', 'openai-compatible/any'];
    await look(sitDown(machine, args, { SWE_MODEL_BASE_URL: server.url }));
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
