import { accessContract, runContract } from '../contracts';
import { MemoryAccess } from './memory-access';

runContract('MemoryAccess', accessContract, () => ({ subject: new MemoryAccess() }));
