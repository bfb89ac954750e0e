import { toUsd } from '@swe/domain';
import type { ApiCaller, ApiSetup, SettingsResource } from '@swe/domain/api';
import type { ApiRules } from './api-ports';

const NOTHING: ApiSetup = {
  monthlyUsd: { all: undefined, requester: undefined, repository: undefined },
};

/** How the system is set, as far as it is nobody's secret. */
export function settingsOf(
  { keyId, requester, scopes }: ApiCaller,
  { capNanoUsd, models, setup = NOTHING, hasForge = false }: ApiRules,
): SettingsResource {
  const { connected, toolServers, monthlyUsd } = setup;
  const { all, requester: ofRequester, repository } = monthlyUsd;
  return {
    caller: { requester, keyId, scopes: [...scopes] },
    budgets: {
      sessionUsd: toUsd(capNanoUsd),
      ...(all !== undefined && { monthUsd: all }),
      ...(ofRequester !== undefined && { requesterMonthUsd: ofRequester }),
      ...(repository !== undefined && { repositoryMonthUsd: repository }),
    },
    isRehearsal: models.some((id) => id.startsWith('rehearsal/')),
    hasForge,
    ...(connected !== undefined && { connected }),
    ...(toolServers !== undefined && { toolServers: [...toolServers] }),
  };
}
