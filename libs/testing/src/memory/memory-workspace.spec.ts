import { runContract, workspaceContract } from '../contracts';
import { openMemoryWorkspace } from './open-memory-workspace';

runContract('MemoryWorkspace', workspaceContract, () => ({ subject: openMemoryWorkspace() }));
