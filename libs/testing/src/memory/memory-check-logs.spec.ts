import { checkLogsContract, runContract } from '../contracts';
import { openMemoryCheckLogs } from './open-memory-check-logs';

runContract('MemoryCheckLogs', checkLogsContract, () => ({ subject: openMemoryCheckLogs() }));
