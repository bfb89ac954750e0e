import { z } from 'zod';
import type { ApiScope } from '../access/api-key';
import { costList, costQuery } from './cost-resource';
import {
  forgePullRequest,
  forgeRepository,
  forgeRepositoryList,
  forgeSample,
  newForgeRepository,
  pullNumber,
  repositoryName,
} from './forge-resource';
import { createdKey, keyList, newKeyRequest } from './key-resource';
import { messagePage, messageQuery, messageResource, newMessageRequest } from './message-resource';
import { modelList } from './model-resource';
import type { ProblemStatus } from './problem';
import { followedEvent, followQuery } from './session-event';
import { newSessionRequest, sessionId, sessionPage, sessionQuery, sessionResource } from './session-resource';
import { settingsResource } from './settings-resource';

/** Below which the API's paths are, on whichever server. */
export const API_PATH = '/api/v1';

/** A call of the API: what it takes, what it gives, and which scope it needs. */
export interface Operation {
  readonly method: 'get' | 'post' | 'delete';
  /** Below `API_PATH`, with its parameters in braces. */
  readonly path: `/${string}`;
  readonly scope: ApiScope;
  readonly summary: string;
  readonly query?: z.ZodObject;
  readonly body?: z.ZodObject;
  /** Takes an `Idempotency-Key`, and gives the one that it made up where there is none. */
  readonly isOnce?: true;
  readonly success: {
    readonly status: 200 | 201 | 202 | 204;
    readonly description: string;
    readonly body?: z.ZodType;
    /** The body is a stream of these, instead of one of them. */
    readonly isStream?: true;
  };
  /** Beside those that every operation has. */
  readonly problems: readonly ProblemStatus[];
}

/** Every operation by its id. Routes and OpenAPI document are made of it, so that neither has what the other lacks. */
export const OPERATIONS = {
  createSession: {
    method: 'post',
    path: '/sessions',
    scope: 'run',
    summary: 'Begin a session with a task',
    body: newSessionRequest,
    isOnce: true,
    success: {
      status: 201,
      description: 'The session, also when it is there already',
      body: sessionResource,
    },
    problems: [400, 413, 422],
  },
  listSessions: {
    method: 'get',
    path: '/sessions',
    scope: 'read',
    summary: 'List sessions, newest first',
    query: sessionQuery,
    success: {
      status: 200,
      description: 'One page. With a filter it may hold less than its limit and still have a next one',
      body: sessionPage,
    },
    problems: [422],
  },
  getSession: {
    method: 'get',
    path: '/sessions/{sessionId}',
    scope: 'read',
    summary: 'See a session',
    success: { status: 200, description: 'The session', body: sessionResource },
    problems: [404],
  },
  sendMessage: {
    method: 'post',
    path: '/sessions/{sessionId}/messages',
    scope: 'run',
    summary: 'Say something to a session',
    body: newMessageRequest,
    isOnce: true,
    success: {
      status: 202,
      description: 'The message: it is stored and will be worked on',
      body: messageResource,
    },
    problems: [400, 404, 409, 413, 422],
  },
  listMessages: {
    method: 'get',
    path: '/sessions/{sessionId}/messages',
    scope: 'read',
    summary: 'List what was said to a session, and what came of it',
    query: messageQuery,
    success: { status: 200, description: 'One page, oldest first', body: messagePage },
    problems: [404, 422],
  },
  stopSession: {
    method: 'post',
    path: '/sessions/{sessionId}/stop',
    scope: 'run',
    summary: 'Stop what a session does now; a message has it go on',
    isOnce: true,
    success: {
      status: 202,
      description: 'The command as a message: its outcome says when it is done',
      body: messageResource,
    },
    problems: [404, 409, 422],
  },
  endSession: {
    method: 'post',
    path: '/sessions/{sessionId}/end',
    scope: 'run',
    summary: 'Close a session for good',
    isOnce: true,
    success: {
      status: 202,
      description: 'The command as a message: its outcome says when it is done',
      body: messageResource,
    },
    problems: [404, 409, 422],
  },
  followSession: {
    method: 'get',
    path: '/sessions/{sessionId}/events',
    scope: 'read',
    summary: 'Follow what a session does, after `Last-Event-ID`; 204 once it has ended and all is told',
    query: followQuery,
    success: {
      status: 200,
      description:
        'Server-sent events, their `id` the `seq` of their data, but for those of type `live`, which have none. Where a server can’t stream, the response ends within 25 seconds; either way a client goes on after the last event that it has',
      body: followedEvent,
      isStream: true,
    },
    problems: [404, 422],
  },
  listModels: {
    method: 'get',
    path: '/models',
    scope: 'read',
    summary: 'List the models that a session may wish for',
    success: { status: 200, description: 'The models', body: modelList },
    problems: [],
  },
  listCosts: {
    method: 'get',
    path: '/costs',
    scope: 'read',
    summary: 'See what model calls cost',
    query: costQuery,
    success: { status: 200, description: 'The costs', body: costList },
    problems: [422],
  },
  getSettings: {
    method: 'get',
    path: '/settings',
    scope: 'read',
    summary: 'See how the system is set, and who asks',
    success: { status: 200, description: 'The settings', body: settingsResource },
    problems: [],
  },
  listForgeRepositories: {
    method: 'get',
    path: '/forge/repositories',
    scope: 'read',
    summary: 'List the repositories of the twin’s forge',
    success: { status: 200, description: 'The repositories', body: forgeRepositoryList },
    problems: [404],
  },
  addForgeRepository: {
    method: 'post',
    path: '/forge/repositories',
    scope: 'admin',
    summary: 'Bring a repository into the forge, or up to date there',
    body: newForgeRepository,
    success: { status: 201, description: 'The repository', body: forgeRepository },
    problems: [400, 404, 413, 422],
  },
  addForgeSample: {
    method: 'post',
    path: '/forge/sample',
    scope: 'admin',
    summary: 'Make a small repository with a bug and an issue, to try things on',
    success: { status: 201, description: 'Where they are', body: forgeSample },
    problems: [404],
  },
  getForgeRepository: {
    method: 'get',
    path: '/forge/repositories/{repositoryName}',
    scope: 'read',
    summary: 'See a repository of the forge, its issues and its pull requests',
    success: { status: 200, description: 'The repository', body: forgeRepository },
    problems: [404],
  },
  getForgePullRequest: {
    method: 'get',
    path: '/forge/repositories/{repositoryName}/pulls/{pullNumber}',
    scope: 'read',
    summary: 'See a pull request of the forge, with its diff',
    success: { status: 200, description: 'The pull request', body: forgePullRequest },
    problems: [404],
  },
  mergeForgePullRequest: {
    method: 'post',
    path: '/forge/repositories/{repositoryName}/pulls/{pullNumber}/merge',
    scope: 'admin',
    summary: 'Merge a pull request of the forge',
    success: { status: 200, description: 'The pull request, merged', body: forgePullRequest },
    problems: [404, 409],
  },
  createKey: {
    method: 'post',
    path: '/keys',
    scope: 'admin',
    summary: 'Make a key',
    body: newKeyRequest,
    success: { status: 201, description: 'The key, shown this once', body: createdKey },
    problems: [400, 413, 422],
  },
  listKeys: {
    method: 'get',
    path: '/keys',
    scope: 'admin',
    summary: 'List keys, oldest first',
    success: { status: 200, description: 'The keys, without their secrets', body: keyList },
    problems: [],
  },
  revokeKey: {
    method: 'delete',
    path: '/keys/{keyId}',
    scope: 'admin',
    summary: 'Revoke a key: it opens nothing from now on',
    success: { status: 204, description: 'It is revoked' },
    problems: [404],
  },
} as const satisfies Readonly<Record<string, Operation>>;

export type OperationId = keyof typeof OPERATIONS;

/** What stands in a path's braces. */
export const PATH_PARAMETERS = {
  sessionId,
  keyId: z.string().regex(/^k[0-9a-f]{16}$/),
  repositoryName,
  pullNumber,
} as const;

/** Chosen by a client for one thing that it wants done once, however often it asks. */
export const idempotencyKey = z.string().regex(/^[!-~]{1,200}$/);

/** The `seq` of the last event that a client has. */
export const lastEventId = z
  .string()
  .regex(/^\d{1,12}$/)
  .default('0');
