import { slackManifest } from './slack-manifest';
import type { SlackManifest } from './slack-manifest';

/** To be replaced by the address of the ingress. */
const requestUrl = 'https://example.com/slack/events';

/** The manifests in `resources/`, by the name of their file. */
export const MANIFEST_FILES: Readonly<Record<string, SlackManifest>> = {
  'slack-app-manifest.json': slackManifest({ hearsChannels: false, requestUrl }),
  'slack-app-manifest.relaxed.json': slackManifest({ hearsChannels: true, requestUrl }),
  'slack-app-manifest.socket-mode.json': slackManifest({ hearsChannels: false, requestUrl: undefined }),
};

/** A manifest as its file has it. */
export const manifestText = (manifest: SlackManifest): string => `${JSON.stringify(manifest, null, 2)}\n`;
