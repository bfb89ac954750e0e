import { ledgerContract, runContract, runLedgerHistories } from '../contracts';
import { openMemoryLedger } from './open-memory-ledger';

runContract('MemoryLedger', ledgerContract, () => ({ subject: openMemoryLedger() }));

runLedgerHistories('MemoryLedger', () => ({ subject: openMemoryLedger() }), { numRuns: 200 });
