import type { CheckLogsSubject } from '../contracts';
import { MemoryCheckLogs } from './memory-check-logs';

/** Memory logs with what their contract wants beside them. */
export function openMemoryCheckLogs(logs = new MemoryCheckLogs()): CheckLogsSubject {
  const repository = 'memory://shop';
  return {
    logs,
    repository,
    print: async (text) => logs.print(repository, text),
    annotate: async (annotations) => logs.annotate(repository, annotations),
    goneLog: 'log/0',
  };
}
