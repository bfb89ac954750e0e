import { journalContract, runContract } from '../contracts';
import { openMemoryJournal } from './open-memory-journal';

runContract('MemoryJournal', journalContract, () => ({ subject: openMemoryJournal() }));
