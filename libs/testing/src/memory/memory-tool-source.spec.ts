import { runContract, toolSourceContract } from '../contracts';
import { openMemoryToolSource } from './open-memory-tool-source';

runContract('MemoryToolSource', toolSourceContract, () => ({ subject: openMemoryToolSource() }));
