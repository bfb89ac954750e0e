import { githubAppManifest } from './github-app-manifest';
import type { GithubAppManifest } from './github-app-manifest';

/** The manifests in `resources/`, by the name of their file. `https://example.com` is to be replaced by the address of the ingress. */
export const MANIFEST_FILES: Readonly<Record<string, GithubAppManifest>> = {
  'github-app-manifest.json': githubAppManifest('https://example.com'),
};

/** A manifest as its file has it. */
export const manifestText = (manifest: GithubAppManifest): string => `${JSON.stringify(manifest, null, 2)}\n`;
