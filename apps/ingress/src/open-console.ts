import type { Clock } from '@swe/domain';
import { openSsm } from '@swe/wiring/ssm';
import { DeployedConsole } from './deployed-console';
import type { DeployedConsoleOptions } from './deployed-console';

export interface OpenConsoleOptions extends Omit<DeployedConsoleOptions, 'readSetting' | 'clock'> {
  readonly region: string;
  /** In which the console's stack says what it is. */
  readonly parameter: string;
  readonly clock: Clock;
}

/** It decides by itself how long a value is good; this is for requests at once. */
const KEPT_MS = 1_000;

/** The console of this deployment. In a file of its own: only a browser's requests need what it is made of. */
export function openConsole({ region, parameter, ...options }: OpenConsoleOptions): DeployedConsole {
  const parameters = openSsm({ region }, options.clock, KEPT_MS);
  return new DeployedConsole({ ...options, readSetting: () => parameters.read(parameter) });
}
