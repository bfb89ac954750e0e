import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { deliveryFuzz } from './delivery-fuzz';
import { killSweep, MISHAPS, portCallsOfJob } from './kill-sweep';
import { PROTECTIONS } from './protection';
import { MISHAP_WORDS, reportPage } from './report';
import type { Row } from './report';
import { totalOf } from './verdict';

const SEED = Number(process.argv[2] ?? 1);
const MESSAGES = 10_000;
const MESSAGES_OF_A_CONTROL = 500;
const PAGE = 'docs/reliability.md';

/** What a frozen process had under way may double; nothing else may go wrong. */
const isKept = ({ name, violations }: Row): boolean =>
  totalOf(violations) === (name === MISHAP_WORDS.freeze ? violations.effectsDoubled : 0);

async function main(): Promise<void> {
  const promised: Row[] = [];
  const controls: Row[] = [];
  const add = (rows: Row[], row: Row): void => {
    rows.push(row);
    console.log(`${row.name}: ${row.trials}, ${JSON.stringify(row.violations)}`);
  };

  for (const mishap of MISHAPS) {
    const { trials, violations } = await killSweep([mishap]);
    add(promised, { name: MISHAP_WORDS[mishap], trials: `${trials} jobs`, violations });
  }
  const { messages, worlds, mishaps, violations } = await deliveryFuzz(SEED, MESSAGES);
  const trials = `${messages} messages in ${worlds} worlds, ${mishaps} deaths`;
  add(promised, { name: 'delivery fuzz', trials, violations });

  for (const without of Object.values(PROTECTIONS)) {
    const sweep = await killSweep(MISHAPS, { without });
    const [name, jobs] = [`not: ${without.name}`, `${sweep.trials} jobs`];
    add(controls, { name, trials: jobs, violations: sweep.violations });
  }
  for (const without of [PROTECTIONS.identity, PROTECTIONS.sweeping]) {
    const fuzz = await deliveryFuzz(SEED, MESSAGES_OF_A_CONTROL, without);
    const name = `fuzz, not: ${without.name}`;
    add(controls, { name, trials: `${fuzz.messages} messages`, violations: fuzz.violations });
  }

  const portCalls = (await portCallsOfJob()).length;
  const page = reportPage({ seed: SEED, portCalls, promised, controls });
  writeFileSync(join(import.meta.dirname, '..', '..', PAGE), page);
  const broken = promised.filter((row) => !isKept(row));
  // The sweeps among them meet the same frozen posts.
  const unavoidable = promised.reduce((sum, row) => sum + totalOf(row.violations), 0);
  const toothless = controls.filter((row) => totalOf(row.violations) <= unavoidable);
  console.log(
    `${PAGE} written; ${broken.length} promises broken, ${toothless.length} controls that show nothing`,
  );
  process.exitCode = broken.length + toothless.length > 0 ? 1 : 0;
}

void main();
