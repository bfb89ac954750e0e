import type { LedgerSubject } from '../contracts';
import { MemoryLedger } from './memory-ledger';
import { MemoryStore } from './memory-store';

/** A memory ledger with what its contract wants beside it. */
export function openMemoryLedger(shared = new MemoryStore()): LedgerSubject {
  return { ledger: new MemoryLedger(shared), reopen: async () => new MemoryLedger(shared) };
}
