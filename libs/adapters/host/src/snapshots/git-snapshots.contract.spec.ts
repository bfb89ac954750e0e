import { mkdirSync, mkdtempSync, realpathSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { runContract, snapshotsContract } from '@swe/testing/contracts';
import { snapshotMachine } from '@swe/testing/host';
import { GitSnapshots } from './git-snapshots';

const CREDENTIAL = 'our-token';
const LIMITS = { maxBytes: 60_000, maxFileBytes: 10_000 };
const PATH = process.env['PATH'] ?? '';

function openSnapshots(base: string): GitSnapshots {
  return new GitSnapshots({
    root: join(base, 'root'),
    stateDirectory: join(base, 'state'),
    environment: { PATH },
    holdsCredential: (_path, content) => Buffer.from(content).includes(CREDENTIAL),
    mayFetchFrom: () => false,
    ...LIMITS,
  });
}

function openMachine(base: string) {
  const root = join(base, 'root');
  mkdirSync(root, { recursive: true });
  return snapshotMachine(openSnapshots(base), root, PATH);
}

runContract('GitSnapshots', snapshotsContract, () => {
  const base = realpathSync(mkdtempSync(join(tmpdir(), 'swe-snapshots-')));
  return {
    subject: {
      here: openMachine(join(base, 'here')),
      hereAgain: () => openSnapshots(join(base, 'here')),
      there: openMachine(join(base, 'there')),
      credential: CREDENTIAL,
      ...LIMITS,
    },
    close: async () => rmSync(base, { recursive: true, force: true }),
  };
});
