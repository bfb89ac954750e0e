import type { CheckLogs } from '@swe/domain';
import { MemoryCheckLogs } from '../memory/memory-check-logs';
import { openMemoryCheckLogs } from '../memory/open-memory-check-logs';
import { checkLogsContract } from './check-logs.contract';
import type { CheckLogsSubject } from './check-logs.contract';
import { override } from '../memory/override';
import { proveBites } from './run-contract';

function broken(changesOf: (logs: MemoryCheckLogs) => Partial<CheckLogs>) {
  return (): { subject: CheckLogsSubject } => {
    const logs = new MemoryCheckLogs();
    return { subject: { ...openMemoryCheckLogs(logs), logs: override<CheckLogs>(logs, changesOf(logs)) } };
  };
}

proveBites('CheckLogs', checkLogsContract, {
  'a log is given as text, without colours, its end whole where it is cut': broken((logs) => ({
    log: async (repository, ref, maxBytes) =>
      (await logs.log(repository, ref, Number.MAX_SAFE_INTEGER)).slice(0, maxBytes),
  })),
  'a log that is gone, or was never there, is `missing`': broken((logs) => ({
    log: (repository, ref, maxBytes) => logs.log(repository, ref, maxBytes).catch(() => ''),
  })),
  'annotations are those of that very check, in its order, as many as there are or are asked for': broken(
    (logs) => ({
      annotations: async (repository, ref) => logs.annotations(repository, ref, 100),
    }),
  ),
});
