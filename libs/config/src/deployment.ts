import { z } from 'zod';
import { awsEnvironment } from './aws';
import { githubAccess, githubWebhook } from './github';
import { handedOn } from './infra';
import { slackPosting, slackSigning } from './slack';

const { SWE_TABLE_NAME: _table, SWE_BUCKET_NAME: _bucket, SWE_TWIN_HOME: _home, ...aws } = awsEnvironment;

/** What `swe setup` and `swe doctor --aws` read: which deployment is meant, and what it is deployed with. */
export const deploymentConfig = z.object({
  ...aws,
  /** Left out, that of the AWS configuration's profile is not looked for: a deployment is told its region. */
  AWS_REGION: z.string().min(1).optional(),
  ...slackPosting,
  ...slackSigning,
  ...githubAccess,
  ...githubWebhook,
  SWE_MODEL: z.string().default(handedOn['SWE_MODEL'] ?? ''),
  SWE_MODEL_CATALOG: z.string().optional(),
  NO_COLOR: z.string().optional(),
});

/** What the parts of an environment are called, as `infra` calls them: its tests hold the templates against this. */
export function deployedNames(environment: string) {
  const name = (what: string): string => `swe-${environment}-${what}`;
  return {
    stacks: {
      core: name('core'),
      ingress: name('ingress'),
      console: name('console'),
      agent: name('agent'),
      workerManager: name('worker-manager'),
    },
    ingress: name('ingress'),
    workerManager: name('worker-manager'),
    sweep: name('worker-manager-sweep'),
    deadLetters: name('worker-manager-dead-letters'),
  } as const;
}
