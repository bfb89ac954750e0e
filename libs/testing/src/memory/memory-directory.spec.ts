import { directoryContract, runContract } from '../contracts';
import { openMemoryDirectory } from './open-memory-directory';

runContract('MemoryDirectory', directoryContract, () => ({ subject: openMemoryDirectory() }));
