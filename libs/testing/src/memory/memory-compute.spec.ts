import { computeContract, runContract } from '../contracts';
import { openMemoryCompute } from './open-memory-compute';

runContract('MemoryCompute', computeContract, () => ({ subject: openMemoryCompute() }));
