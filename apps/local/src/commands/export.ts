import { join } from 'node:path';
import { EXIT_CODES } from '@swe/adapter-local/terminal';
import type { ExitCode, ExportOptions } from '@swe/adapter-local/terminal';
import { exportSession, findSession } from '@swe/application/local';
import { readSpending } from '@swe/wiring/models';
import { turnOfEventLoop, writeCassetteFile } from '../cassette-file';
import { openTwin } from '../program';
import type { Program } from '../program';

/** Writes a session to a cassette, and says what of it is not in there. */
export async function exportTo(program: Program, wanted: string, { out }: ExportOptions): Promise<ExitCode> {
  const config = program.readConfig();
  using twin = openTwin(program, config);
  const session = await findSession(twin.store, wanted);
  const path = out ?? `${session.id}.cassette.json`;
  const { cassette, redacted } = await exportSession(twin, session, {
    ...(await readSpending(config.modelAccess, config)),
    workspaceRoot: join(config.home, 'sessions', session.id, 'workspace'),
    linksPullRequests: session.origin.startsWith('slack:'),
    secrets: config.secrets,
    settle: turnOfEventLoop,
  });
  await writeCassetteFile(path, cassette);
  const { secrets, people, addresses, files } = redacted;
  program.out(
    `${path}: ${cassette.journal.length} entries, ${cassette.expected.requests.length} model calls. Replaced: ${secrets} credentials, ${people} names, ${addresses} e-mail addresses, ${files} files. Look through it before you give it away.\n`,
  );
  return EXIT_CODES.done;
}
