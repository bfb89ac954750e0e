import { isFault } from '@swe/domain';
import type { Clock, Logger } from '@swe/domain';
import type { InstanceMetadata, SpotNotice } from './instance-metadata';

export interface SpotWatchOptions {
  readonly metadata: Pick<InstanceMetadata, 'spotNotice'>;
  readonly clock: Pick<Clock, 'sleep'>;
  readonly logger: Pick<Logger, 'warn'>;
}

/** https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/spot-instance-termination-notices.html says every five seconds. */
const EVERY_MS = 5_000;

/**
 * Waits for EC2's notice that it takes the instance away, and gives it; undefined once `signal` aborts. A service that
 * does not answer is asked again; that is logged once for each time that it stops answering.
 */
export async function watchSpotNotice(
  { metadata, clock, logger }: SpotWatchOptions,
  signal: AbortSignal,
): Promise<SpotNotice | undefined> {
  for (let isAnswering = true; !signal.aborted; await clock.sleep(EVERY_MS, signal)) {
    try {
      const notice = await metadata.spotNotice();
      if (notice !== undefined) return notice;
      isAnswering = true;
    } catch (error) {
      if (!isFault(error, 'transient')) throw error;
      if (isAnswering) logger.warn('spot-notice.unreadable', { reason: error.message });
      isAnswering = false;
    }
  }
  return undefined;
}
