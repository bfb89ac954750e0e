import { z } from 'zod';
import { awsEnvironment } from './aws';
import { budgetEnvironment } from './budget';
import { githubAccess, githubWebhook } from './github';
import { accessEnvironment, slackSigning } from './slack';

/** The environment that the ingress's Lambda reads. */
export const ingressConfig = z.object({
  ...awsEnvironment,
  ...accessEnvironment,
  ...slackSigning,
  ...githubAccess,
  ...githubWebhook,
  ...budgetEnvironment,
  /** As the agents': what is told and checked when somebody chooses a model. */
  SWE_MODEL: z
    .string()
    .default('')
    .transform((models) => models.split(',').flatMap((id) => id.trim() || [])),
  SWE_EVENTS_HTTP_URL: z.url({ protocol: /^https?$/ }),
  SWE_EVENTS_REALTIME_URL: z.url({ protocol: /^wss?$/ }),
});
