import type { ChatIngressRules } from '@swe/application/ingress';
import { toNanoUsd } from '@swe/domain';
import { readChoice } from '@swe/wiring/models';
import { agentsOf } from '@swe/wiring/organisation';
import type { Config } from './program';

/** Who may have the agent work, and what with. */
export async function chatRulesOf({
  access,
  models,
  modelAccess,
  budgetUsd,
  organisation,
}: Pick<
  Config,
  'access' | 'organisation' | 'models' | 'modelAccess' | 'budgetUsd'
>): Promise<ChatIngressRules> {
  const choice = await readChoice(models, modelAccess);
  return {
    ...access,
    ...choice,
    capNanoUsd: toNanoUsd(budgetUsd),
    readAgents: () => agentsOf(organisation),
  };
}
