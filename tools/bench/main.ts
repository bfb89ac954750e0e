import { mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { cpus, tmpdir } from 'node:os';
import { join } from 'node:path';
import { appendEach } from './append-cost';
import { figuresOf } from './figures';
import { measureHarness } from './harness/harness';
import { performancePage } from './harness/harness-report';
import { measureIngress } from './ingress';
import { journalOf } from './journal';
import { reportPage } from './report';
import type { AppendRow, TurnRow } from './report';
import { copyStore, makeStore } from './store';
import { startTurn } from './turn-start';
import type { TurnStart } from './turn-start';

const PAGE = 'docs/bench.md';
const PERFORMANCE = 'docs/performance';
const ROUNDS = 15;
const TURN_LENGTHS = [50, 500, 5_000];
const APPEND_LENGTHS = [100, 1_000, 5_000];
const APPENDS = 100;
const EVENTS = 500;

interface Made {
  readonly entries: number;
  readonly path: string;
  readonly sessionId: string;
}

async function make(folder: string, entries: number): Promise<Made> {
  const path = join(mkdtempSync(join(folder, 'store-')), 'store.sqlite');
  return { entries, path, sessionId: await makeStore(path, journalOf(entries)) };
}

/** Every length once a round, so that whatever else the machine does hits them alike. */
async function inTurns<T>(
  folder: string,
  lengths: readonly number[],
  measure: (path: string, sessionId: string) => Promise<T>,
): Promise<readonly { readonly made: Made; readonly values: readonly T[] }[]> {
  const rows = [];
  for (const entries of lengths) rows.push({ made: await make(folder, entries), values: [] as T[] });
  // The first round is for the compiler.
  for (let round = 0; round <= ROUNDS; round += 1) {
    for (const { made, values } of rows) {
      const path = join(folder, 'round.sqlite');
      copyStore(made.path, path);
      const value = await measure(path, made.sessionId);
      if (round > 0) values.push(value);
      rmSync(path);
    }
  }
  return rows;
}

async function measureTurns(folder: string): Promise<readonly TurnRow[]> {
  const rows = await inTurns<TurnStart>(folder, TURN_LENGTHS, startTurn);
  return rows.map(({ made, values }) => ({
    entries: made.entries,
    megabytes: statSync(made.path).size / 1e6,
    messages: values[0]?.messages ?? 0,
    load: figuresOf(values.map(({ loadMs }) => loadMs)),
    start: figuresOf(values.map(({ startMs }) => startMs)),
  }));
}

async function measureAppends(folder: string): Promise<readonly AppendRow[]> {
  const more = journalOf(APPENDS, 2);
  const rows = await inTurns(folder, APPEND_LENGTHS, async (path, sessionId) =>
    figuresOf(await appendEach(path, sessionId, more)),
  );
  return rows.map(({ made, values }) => ({
    entries: made.entries,
    append: {
      min: Math.min(...values.map(({ min }) => min)),
      median: figuresOf(values.map(({ median }) => median)).median,
    },
  }));
}

function write(path: string, content: string): void {
  writeFileSync(join(import.meta.dirname, '..', '..', path), content);
  console.log(`${path} written`);
}

async function main(): Promise<void> {
  const machine = `${cpus()[0]?.model.trim() ?? 'An unknown processor'}, Node ${process.versions.node}`;
  const harness = await measureHarness(machine);
  console.log(JSON.stringify(harness, undefined, 2));
  write(`${PERFORMANCE}.json`, `${JSON.stringify(harness, undefined, 2)}\n`);
  write(`${PERFORMANCE}.md`, performancePage(harness));
  if (process.argv.includes('--harness')) return;
  const folder = mkdtempSync(join(tmpdir(), 'swe-bench-'));
  try {
    const turns = await measureTurns(folder);
    const appends = await measureAppends(folder);
    const ingress = await measureIngress(ROUNDS, EVENTS);
    console.log(JSON.stringify({ turns, appends, ingress }, undefined, 2));
    write(PAGE, reportPage({ machine, rounds: ROUNDS, turns, appends, ingress }));
  } finally {
    rmSync(folder, { recursive: true });
  }
}

void main();
