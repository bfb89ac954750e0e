import type { GithubServer } from '../github-server';

/** Whom and where events are for. */
export interface EventContext {
  readonly server: GithubServer;
  /** The agent's own: `swe[bot]`, or a user's. */
  readonly login: string;
  /** A label that asks the agent to work on what bears it. */
  readonly label?: string;
  readonly receivedAtMs: number;
}
