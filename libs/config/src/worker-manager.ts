import { z } from 'zod';
import { awsEnvironment } from './aws';
import { chatRulesEnvironment } from './chat-rules';
import { githubAccess } from './github';
import { slackPosting } from './slack';

/** A comma-separated list, the best first. */
export const names = z
  .string()
  .transform((list) => list.split(',').flatMap((name) => name.trim() || []))
  .refine((list) => list.length > 0, 'names nothing');

/** The environment that the worker manager's Lambda reads. */
export const workerManagerConfig = z.object({
  ...awsEnvironment,
  ...slackPosting,
  ...githubAccess,
  ...chatRulesEnvironment,
  SWE_LAUNCH_TEMPLATE_NAME: z.string().min(1),
  /** A number: `$Latest` would change what is asked for between two tries of the same machine. */
  SWE_LAUNCH_TEMPLATE_VERSION: z.string().regex(/^[1-9]\d*$/, 'must be a version number'),
  /** Kinds of machines that fit the template's image. */
  SWE_INSTANCE_TYPES: names,
  SWE_SUBNET_IDS: names,
  /** The parameter of SSM that holds the id of the newest image of a machine, once there is one. */
  SWE_WORKER_IMAGE_PARAMETER: z.string().min(1).optional(),
  /** `true`: spot instances first. They cost less, and lose their disk whenever they are stopped. */
  SWE_SPOT: z.enum(['true', 'false'], 'must be true or false').default('false'),
});
