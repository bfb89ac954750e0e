export { InstanceMetadata } from './instance-metadata';
export type { InstanceMetadataOptions, SpotNotice } from './instance-metadata';
export { watchSpotNotice } from './watch-spot-notice';
