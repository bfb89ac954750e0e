import { handedOn, infraConfig } from '@swe/config/infra';
import type { Variables } from '@swe/config/variables';

export type Settings = ReturnType<typeof readSettings>;

const DEFAULT_INSTANCE_TYPES = {
  arm64: ['t4g.large', 'm7g.large', 'm8g.large'],
  x86_64: ['t3.large', 'm7i.large', 'm6i.large'],
} as const;

/** What the environment of whoever deploys says. Throws naming every variable that is wrong, and no value. */
export function readSettings(environment: Readonly<Record<string, string | undefined>>) {
  // An empty variable means the same as none.
  const given = Object.fromEntries(Object.entries(environment).filter(([, value]) => value !== ''));
  const { data, error } = infraConfig.safeParse(given);
  if (error !== undefined) {
    throw new Error(error.issues.map(({ path, message }) => `${path.join('.')}: ${message}`).join('; '));
  }
  const { SWE_VPC_ID: vpcId, SWE_SUBNET_IDS: subnetIds, SWE_ARCHITECTURE: architecture } = data;
  return {
    environment: data.SWE_ENV,
    architecture,
    instanceTypes: data.SWE_INSTANCE_TYPES ?? DEFAULT_INSTANCE_TYPES[architecture],
    network: vpcId === undefined || subnetIds === undefined ? undefined : { vpcId, subnetIds },
    organisationArchive: data.SWE_ORGANISATION_ARCHIVE,
    alarms: { email: data.SWE_ALARM_EMAIL, monthUsd: data.SWE_ALARM_MONTH_USD },
    handedOn: Object.fromEntries(
      Object.entries(handedOn).flatMap(([name, preset]): [string, string][] => {
        const value = given[name] ?? preset;
        return value === undefined ? [] : [[name, value]];
      }),
    ) satisfies Variables,
  };
}
