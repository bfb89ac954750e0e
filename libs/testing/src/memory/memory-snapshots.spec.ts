import { runContract, snapshotsContract } from '../contracts';
import { openMemorySnapshots } from './open-memory-snapshots';

runContract('MemorySnapshots', snapshotsContract, () => ({ subject: openMemorySnapshots() }));
