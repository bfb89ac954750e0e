import { mkdtempSync, realpathSync, rmSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { connectShell } from '@swe/adapter-host/shell';
import {
  processesContract,
  runContract,
  SECRET,
  snapshotsContract,
  workspaceContract,
} from '@swe/testing/contracts';
import {
  makeFolders,
  MAX_SPOOL_BYTES,
  processesSubject,
  snapshotMachine,
  workspaceSubject,
} from '@swe/testing/host';
import { NO_PROGRAMS, openShellHost, shellOptions } from './shell-host-fixture';

const ENVIRONMENT = { PATH: '/usr/local/bin:/usr/bin:/bin', LANG: 'C.UTF-8' };
const CREDENTIAL = 'our-token';
const LIMITS = { maxBytes: 60_000, maxFileBytes: 10_000 };

async function openShell(folder: string) {
  const host = await openShellHost();
  const shell = await connectShell(host.socketPath, shellOptions(folder, NO_PROGRAMS));
  const close = async (): Promise<void> => {
    await shell[Symbol.asyncDispose]();
    await host.close();
  };
  return { shell, close };
}

runContract('a workspace over a connection', workspaceContract, async () => {
  const base = await makeFolders(SECRET);
  const { shell, close } = await openShell(base);
  return {
    subject: workspaceSubject(base, shell.workspace),
    close: () => close().finally(() => rm(base, { recursive: true })),
  };
});

runContract('processes over a connection', processesContract, async () => {
  const base = realpathSync(mkdtempSync(join(tmpdir(), 'processes-')));
  const { shell, close } = await openShell(base);
  const options = { environment: ENVIRONMENT, writable: [], maxSpoolBytes: MAX_SPOOL_BYTES };
  const processes = await shell.openProcesses(options);
  const { root } = shell.workspace;
  const { endSeen, ...subject } = processesSubject(processes, { root, environment: ENVIRONMENT });
  return {
    subject,
    close: async () => {
      await close();
      endSeen();
      await rm(base, { recursive: true });
    },
  };
});

runContract('snapshots over a connection', snapshotsContract, async () => {
  const base = realpathSync(mkdtempSync(join(tmpdir(), 'snapshots-')));
  const path = process.env['PATH'] ?? '';
  const openSnapshots = async (folder: string) => {
    const { shell, close } = await openShell(folder);
    const snapshots = await shell.openSnapshots({
      environment: { PATH: path },
      fetchesFrom: { folders: [], origins: [] },
      holdsCredential: (_path, content) => Buffer.from(content).includes(CREDENTIAL),
      ...LIMITS,
    });
    return { snapshots, close, machine: snapshotMachine(snapshots, shell.workspace.root, path) };
  };
  const here = await openSnapshots(join(base, 'here'));
  const again = await openSnapshots(join(base, 'here'));
  const there = await openSnapshots(join(base, 'there'));
  return {
    subject: {
      here: here.machine,
      hereAgain: () => again.snapshots,
      there: there.machine,
      credential: CREDENTIAL,
      ...LIMITS,
    },
    close: async () => {
      await Promise.all([here, again, there].map(({ close }) => close()));
      rmSync(base, { recursive: true, force: true });
    },
  };
});
