export { MANIFEST_FILES, manifestText } from './manifest-files';
export { SLACK_SCOPES, slackManifest } from './slack-manifest';
export type { SlackManifest, SlackManifestOptions } from './slack-manifest';
