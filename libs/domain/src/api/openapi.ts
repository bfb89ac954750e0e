import { z } from 'zod';
import type { JsonValue } from '../json';
import { costList } from './cost-resource';
import { forgePullRequest, forgeRepository, forgeRepositoryList } from './forge-resource';
import { createdKey, keyList, newKeyRequest } from './key-resource';
import { messagePage, messageResource, newMessageRequest, outcomeResource } from './message-resource';
import { modelList } from './model-resource';
import { API_PATH, idempotencyKey, lastEventId, OPERATIONS, PATH_PARAMETERS } from './operations';
import type { Operation } from './operations';
import { PROBLEM_TITLES, problemDocument } from './problem';
import type { ProblemStatus } from './problem';
import { sessionEvent } from './session-event';
import { newSessionRequest, sessionPage, sessionResource, sessionSummary } from './session-resource';
import { settingsResource } from './settings-resource';

type JsonObject = Readonly<Record<string, JsonValue>>;

/** Schemas that others refer to by name. */
const COMPONENTS = {
  NewSession: newSessionRequest,
  Session: sessionResource,
  SessionSummary: sessionSummary,
  SessionPage: sessionPage,
  NewMessage: newMessageRequest,
  Message: messageResource,
  MessagePage: messagePage,
  Outcome: outcomeResource,
  SessionEvent: sessionEvent,
  ModelList: modelList,
  CostList: costList,
  Settings: settingsResource,
  ForgeRepositoryList: forgeRepositoryList,
  ForgeRepository: forgeRepository,
  ForgePullRequest: forgePullRequest,
  NewKey: newKeyRequest,
  CreatedKey: createdKey,
  KeyList: keyList,
  Problem: problemDocument,
} as const satisfies Readonly<Record<string, z.ZodType>>;

/** What every operation may be refused with. */
const COMMON_PROBLEMS: readonly ProblemStatus[] = [401, 403, 429, 500, 503];

const JSON_TYPE = 'application/json';
export const PROBLEM_TYPE = 'application/problem+json';
export const EVENTS_TYPE = 'text/event-stream';

/** The API as https://spec.openapis.org/oas/v3.1.1.html describes one. */
export function openApiDocument(): JsonObject {
  const paths: Record<string, Record<string, JsonValue>> = {};
  for (const [operationId, operation] of Object.entries<Operation>(OPERATIONS)) {
    paths[operation.path] = {
      ...paths[operation.path],
      [operation.method]: described(operationId, operation),
    };
  }
  return {
    openapi: '3.1.1',
    info: {
      title: 'Remote SWE Agents',
      version: '1',
      description: 'Begin sessions of a software development agent, speak to them, and follow them.',
      license: { name: 'MIT-0', identifier: 'MIT-0' },
    },
    servers: [{ url: API_PATH }],
    security: [{ key: [] }],
    paths,
    components: {
      schemas: componentSchemas(),
      securitySchemes: { key: { type: 'http', scheme: 'bearer', description: 'A key, as it was shown.' } },
    },
  };
}

function described(operationId: string, operation: Operation): JsonObject {
  const { summary, scope, path, query, body, isOnce, success, problems } = operation;
  const parameters = [
    ...Object.entries(PATH_PARAMETERS)
      .filter(([name]) => path.includes(`{${name}}`))
      .map(([name, schema]) => parameter('path', name, schema, true)),
    ...Object.entries(query?.shape ?? {}).map(([name, schema]) => parameter('query', name, schema, false)),
    ...(isOnce ? [parameter('header', 'Idempotency-Key', idempotencyKey, false)] : []),
    ...(success.isStream ? [parameter('header', 'Last-Event-ID', lastEventId, false)] : []),
  ];
  return {
    operationId,
    summary,
    description: `Needs a key with the scope \`${scope}\`.`,
    ...(parameters.length > 0 && { parameters }),
    ...(body && { requestBody: { required: true, content: { [JSON_TYPE]: { schema: schemaOf(body) } } } }),
    responses: { ...successOf(success), ...problemsOf([...problems, ...COMMON_PROBLEMS]) },
  };
}

function successOf({ status, description, body, isStream }: Operation['success']): JsonObject {
  const mediaType = isStream ? EVENTS_TYPE : JSON_TYPE;
  const content = body && { content: { [mediaType]: { schema: schemaOf(body) } } };
  return {
    [status]: { description, ...content },
    ...(isStream && { 204: { description: 'It has ended, and all is told.' } }),
  };
}

function problemsOf(statuses: readonly ProblemStatus[]): JsonObject {
  const content = { [PROBLEM_TYPE]: { schema: schemaOf(problemDocument) } };
  return Object.fromEntries(
    statuses.map((status) => [status, { description: PROBLEM_TITLES[status], content }]),
  );
}

function parameter(where: string, name: string, schema: z.ZodType, required: boolean): JsonObject {
  const { description, ...rest } = schemaOf(schema);
  return { in: where, name, required, ...(description !== undefined && { description }), schema: rest };
}

function schemaOf(schema: z.ZodType): JsonObject {
  const name = Object.entries(COMPONENTS).find(([, each]) => each === schema)?.[0];
  return name === undefined ? jsonSchemaOf(schema) : { $ref: refTo(name) };
}

const refTo = (name: string): string => `#/components/schemas/${name}`;

/** What is sent, before defaults are filled in. A format says what a pattern would need 300 characters for. */
const AS_SENT = {
  io: 'input',
  override: ({ jsonSchema }: { jsonSchema: { format?: string; pattern?: string } }): void => {
    if (jsonSchema.format !== undefined) delete jsonSchema.pattern;
  },
} as const;

function jsonSchemaOf(schema: z.ZodType): JsonObject {
  return bare(z.toJSONSchema(schema, AS_SENT));
}

function componentSchemas(): JsonObject {
  const registry = z.registry<{ id: string }>();
  for (const [id, schema] of Object.entries(COMPONENTS)) registry.add(schema, { id });
  const { schemas } = z.toJSONSchema(registry, { ...AS_SENT, uri: refTo });
  return Object.fromEntries(Object.entries(schemas).map(([id, schema]) => [id, bare(schema)]));
}

/** Without what names the dialect and the schema: in a document of OpenAPI's both are known. */
function bare({
  $schema: _dialect,
  $id: _name,
  ...schema
}: object & { $schema?: unknown; $id?: unknown }): JsonObject {
  return JSON.parse(JSON.stringify(schema)) as JsonObject;
}
