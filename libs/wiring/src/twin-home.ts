import { join } from 'node:path';

/** Where things are in a twin's folder. */
export function twinHome(home: string) {
  const forge = join(home, 'forge');
  return {
    forge,
    /** The forge's bare repositories. */
    repositories: join(forge, 'repositories'),
    /** What was said in terminals. */
    threads: join(home, 'threads'),
    /** Secrets that tool servers are given, a file each. */
    secrets: join(home, 'secrets'),
    /** What agents are in the middle of, for the page. */
    glimpses: join(home, 'glimpses'),
  };
}

export const isForgeUrl = (url: string): boolean => url.startsWith('forge://');
