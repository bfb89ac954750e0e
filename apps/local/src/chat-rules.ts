import type { ChatIngressRules } from '@swe/application/ingress';
import { toNanoUsd } from '@swe/domain';
import { readChoice } from '@swe/wiring/models';
import type { Config } from './program';

/** Who may have the agent work, and what with. */
export async function chatRulesOf({
  access,
  models,
  modelAccess,
  budgetUsd,
}: Pick<Config, 'access' | 'models' | 'modelAccess' | 'budgetUsd'>): Promise<ChatIngressRules> {
  const choice = await readChoice(models, modelAccess);
  return { ...access, ...choice, capNanoUsd: toNanoUsd(budgetUsd) };
}
