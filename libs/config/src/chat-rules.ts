import { z } from 'zod';
import { budgetEnvironment } from './budget';
import { accessEnvironment } from './slack';

/** What people's words are judged by, on AWS: who may speak, which models they may choose, what may be spent. */
export const chatRulesEnvironment = {
  ...accessEnvironment,
  ...budgetEnvironment,
  /** As the agents': what is told and checked when somebody chooses a model. */
  SWE_MODEL: z
    .string()
    .default('')
    .transform((models) => models.split(',').flatMap((id) => id.trim() || [])),
} as const;
