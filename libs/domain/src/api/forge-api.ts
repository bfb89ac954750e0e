import type {
  ForgePullRequest,
  ForgeRepository,
  ForgeRepositoryList,
  ForgeSample,
  NewForgeRepository,
} from './forge-resource';

/** What people do with the twin's own repositories, which elsewhere they do on the pages of a host. */
export interface ForgeApi {
  listRepositories(): Promise<ForgeRepositoryList>;
  getRepository(name: string): Promise<ForgeRepository>;
  /** Brings a repository in, or up to date. */
  addRepository(request: NewForgeRepository): Promise<ForgeRepository>;
  /** Makes a small repository with a bug, and the issue that reports it. */
  addSample(): Promise<ForgeSample>;
  getPullRequest(name: string, number: number): Promise<ForgePullRequest>;
  /** Once it is merged, merging again changes nothing. */
  mergePullRequest(name: string, number: number): Promise<ForgePullRequest>;
}
