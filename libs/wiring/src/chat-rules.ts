import type { ChatIngressRules } from '@swe/application/ingress';
import { BUILT_IN_MODELS, toNanoUsd } from '@swe/domain';

/** As the config's `chatRulesEnvironment` reads it. */
interface ChatRulesEnvironment {
  readonly ADMIN_USER_ID_LIST?: readonly string[] | undefined;
  readonly SLACK_ALLOWED_BOTS: readonly string[];
  readonly SWE_MODEL: readonly string[];
  readonly SWE_BUDGET_USD: number;
}

/** What people's words are judged by on AWS, whether a delivery brought them or they were asked for. */
export function chatRulesOf({
  ADMIN_USER_ID_LIST: admins,
  SLACK_ALLOWED_BOTS: allowedBots,
  SWE_MODEL: models,
  SWE_BUDGET_USD: budgetUsd,
}: ChatRulesEnvironment): ChatIngressRules {
  return {
    admins,
    allowedBots,
    catalog: BUILT_IN_MODELS,
    models,
    // Agents on AWS are let in at Bedrock by their role; whom else they can speak to their list says.
    providers: ['bedrock', ...models.map((id) => id.slice(0, id.indexOf('/')))],
    capNanoUsd: toNanoUsd(budgetUsd),
  };
}
