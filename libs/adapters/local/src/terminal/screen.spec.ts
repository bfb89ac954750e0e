import { describe, expect, it } from '@jest/globals';
import xterm from '@xterm/headless';
import fc from 'fast-check';
import { Screen } from './screen';
import type { Footer } from './screen';
import { rowsOf, widthOf } from './width';

const footer: Footer = { lines: ['* runs', '> hi'], cursor: 3 };

function open(columns = 10) {
  const terminal = new xterm.Terminal({ cols: columns, rows: 200, allowProposedApi: true });
  let written = '';
  const output = {
    get columns() {
      return terminal.cols;
    },
    write(text: string) {
      written += text;
      // As the terminal's driver does.
      terminal.write(text.replaceAll('\n', '\r\n'));
    },
  };
  return {
    terminal,
    screen: new Screen(output),
    written: () => written,
    /** The rows down to the cursor, once all that was written is shown. */
    async rows(): Promise<readonly string[]> {
      await new Promise<void>((resolve) => terminal.write('', resolve));
      const { active } = terminal.buffer;
      return Array.from(
        { length: active.cursorY + 1 },
        (_, y) => active.getLine(y)?.translateToString(true) ?? '',
      );
    },
  };
}

describe('a screen', () => {
  it('passes what is written unchanged while there is no footer', () => {
    const written: string[] = [];
    const screen = new Screen({ write: (text) => written.push(text) });
    ['a', 'b\n', '\u001b[2mdim\u001b[22m\n'].forEach((text) => screen.write(text));
    expect(written).toEqual(['a', 'b\n', '\u001b[2mdim\u001b[22m\n']);
  });

  it('keeps the footer below output that goes on in the middle of a line', async () => {
    const { terminal, screen, rows } = open();
    screen.write('one\ntw');
    screen.show(footer);
    screen.write('o');
    expect(await rows()).toEqual(['one', 'two', '* runs', '> hi']);
    expect(terminal.buffer.active.cursorX).toBe(3);
    screen.write('\nthree\n');
    expect(await rows()).toEqual(['one', 'two', 'three', '* runs', '> hi']);
  });

  it('leaves nothing of the footer behind, and goes on where the output was', async () => {
    const { screen, rows } = open();
    screen.write('one\ntw');
    screen.show(footer);
    screen.clear();
    expect(await rows()).toEqual(['one', 'tw']);
    screen.write('o');
    expect(await rows()).toEqual(['one', 'two']);
  });

  it('begins a line of its own in the middle of another', async () => {
    const { screen, rows } = open();
    screen.write('one');
    screen.writeLine('two\n');
    screen.writeLine('three\n');
    expect(await rows()).toEqual(['one', 'two', 'three', '']);
  });

  it('takes away the footer of a wider terminal that has become narrower', async () => {
    const { terminal, screen, rows } = open(20);
    screen.write('one\n');
    screen.show({ lines: ['* runs and runs', '> hi'], cursor: 4 });
    await rows();
    terminal.resize(10, 200);
    screen.clear();
    expect(await rows()).toEqual(['one', '']);
  });

  it('never hides the cursor', () => {
    const { screen, written } = open();
    screen.show(footer);
    screen.write('one');
    screen.clear();
    expect(written()).not.toContain('\u001b[?25l');
  });

  it('shows all output as if there were no footer, and the footer last, whatever comes when', async () => {
    const text = fc.string({ unit: fc.constantFrom('a', 'b c', '日', '\n'), maxLength: 30 });
    const lines = fc.array(fc.constantFrom('* x', '> 日本', '-'), { maxLength: 3 });
    const action = fc.oneof(
      text.map((written) => ({ written })),
      lines.map((shown) => ({ shown })),
    );
    await fc.assert(
      fc.asyncProperty(fc.array(action, { maxLength: 12 }), async (actions) => {
        const { screen, rows } = open();
        let all = '';
        let below: readonly string[] = [];
        for (const each of actions) {
          if ('written' in each) {
            all += each.written;
            screen.write(each.written);
          } else {
            below = each.shown;
            screen.show({ lines: below, cursor: widthOf(below.at(-1) ?? '') });
          }
        }
        const above = all.split('\n').flatMap((line) => rowsOf(line, 10));
        // The footer takes the place of an empty line that waits for output.
        const kept = below.length > 0 && above.at(-1) === '' ? above.slice(0, -1) : above;
        expect((await rows()).map((row) => row.trimEnd())).toEqual(
          [...kept, ...below].map((row) => row.trimEnd()),
        );
      }),
    );
  });
});
