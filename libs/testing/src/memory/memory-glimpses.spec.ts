import { glimpsesContract, runContract } from '../contracts';
import { openMemoryGlimpses } from './open-memory-glimpses';

runContract('MemoryGlimpses', glimpsesContract, () => ({ subject: openMemoryGlimpses() }));
