import type { ApiScope } from '../access/api-key';
import type { CostList, CostQuery } from './cost-resource';
import type { CreatedKey, KeyList, NewKeyRequest } from './key-resource';
import type { MessagePage, MessageQuery, MessageResource, NewMessageRequest } from './message-resource';
import type { ModelList } from './model-resource';
import type { FollowedEvent, FollowQuery } from './session-event';
import type { NewSessionRequest, SessionPage, SessionQuery, SessionResource } from './session-resource';
import type { SettingsResource } from './settings-resource';

/** Whoever calls, as their key says. That the key may make the call at all was looked at before. */
export interface ApiCaller {
  readonly keyId: string;
  /** `key:<id>`, or whoever signed in to get the key. */
  readonly requester: string;
  readonly scopes: readonly ApiScope[];
  readonly isAdmin: boolean;
}

/** A call that does one thing, however often it is made. */
export interface OnceCall {
  readonly caller: ApiCaller;
  readonly idempotencyKey: string;
}

/** How events are followed. */
export interface Following extends FollowQuery {
  /** The last event that is known. */
  readonly afterSeq: number;
  /** Ends as soon as it has given something and there is no more at the moment. */
  readonly isBrief: boolean;
  /** Ends it. */
  readonly signal: AbortSignal;
}

/** `idle`: there is nothing new for a while. */
export type Followed = FollowedEvent | 'idle';

/**
 * What the API does, behind whatever speaks HTTP. Each call is an operation of `OPERATIONS`. What is refused is an
 * `ApiRefusal`; a store that fails is a fault, as everywhere. To a caller who may not see a session there is none.
 */
export interface SessionApi {
  createSession(call: OnceCall, request: NewSessionRequest): Promise<SessionResource>;
  listSessions(caller: ApiCaller, query: SessionQuery): Promise<SessionPage>;
  getSession(caller: ApiCaller, sessionId: string): Promise<SessionResource>;
  sendMessage(call: OnceCall, sessionId: string, request: NewMessageRequest): Promise<MessageResource>;
  command(call: OnceCall, sessionId: string, command: 'stop' | 'end'): Promise<MessageResource>;
  listMessages(caller: ApiCaller, sessionId: string, query: MessageQuery): Promise<MessagePage>;
  /** Undefined once the session has ended and all is told. */
  followSession(
    caller: ApiCaller,
    sessionId: string,
    following: Following,
  ): Promise<AsyncIterable<Followed> | undefined>;
  listModels(): Promise<ModelList>;
  listCosts(caller: ApiCaller, query: CostQuery): Promise<CostList>;
  getSettings(caller: ApiCaller): Promise<SettingsResource>;
  createKey(caller: ApiCaller, request: NewKeyRequest): Promise<CreatedKey>;
  listKeys(): Promise<KeyList>;
  revokeKey(keyId: string): Promise<void>;
}
