import { z } from 'zod';
import { awsEnvironment } from './aws';
import { accessEnvironment, slackSigning } from './slack';

/** The environment that the ingress's Lambda reads. */
export const ingressConfig = z.object({
  ...awsEnvironment,
  ...accessEnvironment,
  ...slackSigning,
  SWE_EVENTS_HTTP_URL: z.url({ protocol: /^https?$/ }),
  SWE_EVENTS_REALTIME_URL: z.url({ protocol: /^wss?$/ }),
});
