export { APP_EVENTS } from '../app-events';
export { githubAppManifest, registrationUrl } from './github-app-manifest';
export type { GithubAppManifest } from './github-app-manifest';
export { APP_PERMISSIONS } from '../permissions';
export { MANIFEST_FILES, manifestText } from './manifest-files';
