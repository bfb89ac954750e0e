import { EXIT_CODES } from '@swe/adapter-local/terminal';
import type { ExitCode, ReplayOptions } from '@swe/adapter-local/terminal';
import { driftWords, replayCassette } from '@swe/application/local';
import { readCassetteFile, turnOfEventLoop, writeCassetteFile } from '../cassette-file';
import type { Program } from '../program';

/** Runs sessions again from cassettes. It fails at the first that differs, and says where. */
export async function replay(
  { out, err }: Program,
  paths: readonly string[],
  { accept }: ReplayOptions,
): Promise<ExitCode> {
  for (const path of paths) {
    const cassette = await readCassetteFile(path);
    const { drift, recorded } = await replayCassette(
      cassette,
      turnOfEventLoop,
      accept ? 'course' : 'everything',
    );
    if (drift !== undefined) {
      err(`${path}: ${driftWords(drift)}\n`);
      return EXIT_CODES.failed;
    }
    if (accept) await writeCassetteFile(path, recorded);
    const { journal, expected } = recorded;
    out(
      `${path}: ${accept ? 'accepted' : 'no drift'} (${expected.requests.length} model calls, ${journal.length} entries, ${expected.posts.length} posts)\n`,
    );
  }
  return EXIT_CODES.done;
}
