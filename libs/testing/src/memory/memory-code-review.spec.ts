import { codeReviewContract, runContract } from '../contracts';
import { openMemoryCodeReview } from './open-memory-code-review';

runContract('MemoryCodeReview', codeReviewContract, () => ({ subject: openMemoryCodeReview() }));
