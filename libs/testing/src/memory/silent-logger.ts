import type { Logger } from '@swe/domain';

/** Takes everything and tells nobody. */
export const silentLogger: Logger = {
  debug() {},
  info() {},
  warn() {},
  error() {},
  with: () => silentLogger,
};
