import type { HostEvent } from '@swe/domain';
import type { GithubClient, RepoApi } from '../github-client';
import type { EventContext } from './event-context';
import { toEvent } from './to-events';
import type { GithubEvent } from './to-events';

/** A repository with its name as webhooks have it, and how its events are translated. */
export interface HostReading extends RepoApi {
  readonly client: GithubClient;
  readonly repository: object;
  readonly context: EventContext;
}

/** Stands for an account that is gone. */
export const GHOST = { login: 'ghost' };

/** What was read, put as a webhook puts it, so that one translation makes the same event of both. */
export function eventOf(
  { repository, context }: HostReading,
  name: string,
  payload: object,
): readonly HostEvent[] {
  const event = toEvent(name, { ...payload, repository }, context);
  return event !== undefined && isHostEvent(event) ? [event] : [];
}

function isHostEvent(event: GithubEvent): event is HostEvent {
  return event.kind === 'said' || event.kind === 'edited' || 'eventKey' in event;
}
