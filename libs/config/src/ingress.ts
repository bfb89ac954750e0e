import { z } from 'zod';
import { awsEnvironment } from './aws';
import { chatRulesEnvironment } from './chat-rules';
import { githubAccess, githubWebhook } from './github';
import { slackSigning } from './slack';

/** The environment that the ingress's Lambda reads. */
export const ingressConfig = z.object({
  ...awsEnvironment,
  ...chatRulesEnvironment,
  ...slackSigning,
  ...githubAccess,
  ...githubWebhook,
  /** The parameter that says what the console is, once that is deployed: see `consoleSetting`. */
  SWE_CONSOLE_PARAMETER: z.string().optional(),
  SWE_EVENTS_HTTP_URL: z.url({ protocol: /^https?$/ }),
  SWE_EVENTS_REALTIME_URL: z.url({ protocol: /^wss?$/ }),
});
