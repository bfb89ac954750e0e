import {
  billOf,
  eventsOf,
  EXIT_CODES,
  sessionHead,
  sessionsTable,
  transcript,
} from '@swe/adapter-local/terminal';
import type { ExitCode } from '@swe/adapter-local/terminal';
import { ASIDE } from '@swe/application/ingress';
import { findSession, sendMessage } from '@swe/application/local';
import { readCosts } from '@swe/wiring/models';
import { openSlackIfSet } from '../open-slack';
import { openLog, openTwin, requester } from '../program';
import type { Program } from '../program';

export async function sessions(program: Program): Promise<ExitCode> {
  const { out, columns } = program;
  using twin = openTwin(program, program.readConfig());
  const { items: all } = await twin.store.list({ limit: 100 });
  const items = all.filter(({ origin }) => !origin.startsWith(ASIDE));
  out(
    items.length === 0
      ? 'No sessions yet. Start one: swe run --repo . --task "..."\n'
      : `${sessionsTable(items, columns())}\n`,
  );
  return EXIT_CODES.done;
}

export async function show(program: Program, wanted: string): Promise<ExitCode> {
  const { out, columns, clock } = program;
  const { colour, modelAccess, ...config } = program.readConfig();
  using twin = openTwin(program, config);
  const session = await findSession(twin.store, wanted);
  const costOf = await readCosts(modelAccess);
  const journal = await Array.fromAsync(twin.journal.read(session.id, 1));
  const slack = await openSlackIfSet(config.slack, { clock, openLogger: () => openLog(config) });
  const title = (await slack?.plainWords(session.title, session.requester)) ?? session.title;
  out(`${sessionHead({ ...session, title }, colour, billOf(journal, costOf).total)}\n`);
  let atMs = session.createdAtMs;
  const observe = transcript({ write: out, columns, colour, clock: { monotonicMs: () => atMs }, costOf });
  for (const entry of journal) {
    ({ atMs } = entry);
    eventsOf(entry).forEach(observe);
  }
  return EXIT_CODES.done;
}

export async function stop(program: Program, wanted: string): Promise<ExitCode> {
  const { clock, random, out } = program;
  const config = program.readConfig();
  using twin = openTwin(program, config);
  const { id, origin } = await findSession(twin.store, wanted);
  const ports = { ...twin, clock, random, logger: openLog(config) };
  await sendMessage(ports, origin, requester(program), { kind: 'command', command: 'stop' });
  out(`${id} is told to stop.\n`);
  return EXIT_CODES.done;
}
