export { Forge, openForge } from './forge';
export { forgePages } from './forge-pages';
export type { ForgeOptions } from './forge';
export type { ForgeRepoHost } from './forge-repo-host';
export type { MirroredRepository } from './mirror-repository';
