import { PassThrough } from 'node:stream';
import { describe, expect, it } from '@jest/globals';
import type { AgentEvent } from '@swe/domain';
import { ManualClock } from '@swe/testing/memory';
import { LiveView } from './live-view';
import { Screen } from './screen';

function open() {
  const input = new PassThrough();
  const clock = new ManualClock();
  let written = '';
  let interrupts = 0;
  const screen = new Screen({ columns: 40, write: (text) => (written += text) });
  const view = new LiveView({ screen, input, clock, colour: false, interrupt: () => (interrupts += 1) });
  return {
    clock,
    view,
    interrupts: () => interrupts,
    type: (keys: string) => {
      input.write(keys);
      return clock.advance(0);
    },
    /** What was written since this was last asked. */
    drawn(): string {
      const since = written;
      written = '';
      return since;
    },
  };
}

const started = { type: 'tool.started', callId: 'a', name: 'bash', input: {} } as const;
const finished: AgentEvent = {
  type: 'tool.finished',
  callId: 'a',
  name: 'bash',
  content: [],
  isError: false,
  durationMs: 1,
};

describe('the live view', () => {
  it('turns its spinner while something runs, and lets the clock rest when nothing does', async () => {
    const { view, clock, drawn } = open();
    view.observe(started);
    expect(drawn()).toContain('⠋ bash, 0 s');
    await clock.advance(1_200);
    expect(drawn()).toContain('⠹ bash, 1 s');
    view.observe(finished);
    await clock.advance(0);
    expect(clock.sleeping).toBe(0);
    expect(drawn()).toMatch(/\r\u001b\[J$/);
  });

  it('sends what is typed, and shows it until it is read', async () => {
    const { view, type, drawn } = open();
    const heard: string[] = [];
    view.listen((words) => heard.push(words));
    await type('go on');
    expect(drawn()).toContain('> go on');
    await type('\r');
    expect(heard).toEqual(['go on']);
    expect(drawn()).toContain('to be read after this step: go on');
    view.observe({ type: 'message.admitted', text: 'go on', requester: 'x' });
    expect(drawn()).not.toContain('to be read');
  });

  it('makes Ctrl-C an interrupt', async () => {
    const { view, type, interrupts } = open();
    view.listen(() => undefined);
    await type('\u0003');
    expect(interrupts()).toBe(1);
  });

  it.each(['in order', 'in the middle of work'])('leaves nothing behind when it ends %s', async (how) => {
    const { view, clock, type, drawn } = open();
    const unlisten = view.listen(() => undefined);
    expect(drawn()).toContain('\u001b[?2004h');
    view.observe(started);
    if (how === 'in order') {
      view.observe({ type: 'turn.finished', outcome: { kind: 'stopped' } });
      unlisten();
    }
    view[Symbol.dispose]();
    unlisten();
    await clock.advance(0);
    expect(drawn()).toMatch(/\u001b\[J\u001b\[\?2004l$/);
    expect(clock.sleeping).toBe(0);
    await type('nobody reads this\r');
    expect(drawn()).toBe('');
  });
});
