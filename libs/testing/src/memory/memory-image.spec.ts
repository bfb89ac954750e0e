import { imageContract, runContract } from '../contracts';
import { claimMemoryImage, drawMemoryImage, MemoryImage } from './memory-image';

runContract('MemoryImage', imageContract, () => ({
  subject: {
    image: new MemoryImage(),
    draw: async (facts) => drawMemoryImage(facts),
    claim: claimMemoryImage,
  },
}));
