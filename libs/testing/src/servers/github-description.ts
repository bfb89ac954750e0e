import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import Ajv from 'ajv';
import type { ValidateFunction } from 'ajv';
import { buildSchema } from 'graphql';
import type { GraphQLSchema } from 'graphql';
import { z } from 'zod';
import { emulatorFolder } from './emulator';
import type { GithubCallSeen } from './github-api';
import type { GithubDelivery } from './github-hooks';
import { unpackNpmPackage } from './npm-package';
import { toJsonSchema } from './openapi-schema';
import type { Json } from './openapi-schema';

/** GitHub's own description of its REST API and webhooks, as https://github.com/github/rest-api-description publishes it (MIT). */
const REST = {
  name: '@octokit/openapi@23.0.2',
  integrity:
    'sha512-pV8M7L9GY23AybNvTmo2nyjmpmnt6+2sRE/tqr0ZLQcPS4lnw7u5eZGNmwRNkBC3D7gZXbFx5AHzLUVRBXGDhg==',
  paths: ['generated/api.github.com.json'],
};

/** The whole schema of its GraphQL API, as https://docs.github.com/en/graphql/overview/public-schema has it (MIT). */
const GRAPHQL = {
  name: '@octokit/graphql-schema@15.26.1',
  integrity:
    'sha512-RFDC2MpRBd4AxSRvUeBIVeBU7ojN/SxDfALUd7iVYOSeEK3gZaqR2MGOysj4Zh2xj2RY5fQAUT+Oqq7hWTraMA==',
  paths: ['schema.graphql'],
};

/** What is wrong with what went over the wire, by GitHub's own description. Nothing, if all is well. */
export interface GithubDescription {
  problemsOfCall(call: GithubCallSeen): readonly string[];
  problemsOfDelivery(delivery: Pick<GithubDelivery, 'event' | 'action' | 'payload'>): readonly string[];
}

const media = z.looseObject({ schema: z.custom<Json>().optional() });
const content = z.record(z.string(), media).optional();
const parameter = z.looseObject({ name: z.string(), in: z.string() });
const operation = z.looseObject({
  parameters: z.array(z.unknown()).optional(),
  requestBody: z.looseObject({ content }).optional(),
  responses: z.record(z.string(), z.unknown()).optional(),
});
type Operation = z.infer<typeof operation>;

/** Reads GitHub's description, fetched from the npm registry when it is not there yet. */
export function githubDescription(): GithubDescription {
  const folder = emulatorFolder('octokit-openapi-23.0.2', (unfinished) => unpackNpmPackage(unfinished, REST));
  const text = readFileSync(join(folder, 'package/generated/api.github.com.json'), 'utf8');
  return new OpenApiDescription(JSON.parse(text) as Document);
}

export function githubGraphqlSchema(): GraphQLSchema {
  const name = 'octokit-graphql-schema-15.26.1';
  const folder = emulatorFolder(name, (unfinished) => unpackNpmPackage(unfinished, GRAPHQL));
  // It says some fields twice.
  return buildSchema(readFileSync(join(folder, 'package/schema.graphql'), 'utf8'), { assumeValidSDL: true });
}

interface Document {
  readonly paths: Readonly<Record<string, Readonly<Record<string, unknown>>>>;
  readonly 'x-webhooks': Readonly<Record<string, Readonly<Record<string, unknown>>>>;
  readonly components: Readonly<Record<string, Readonly<Record<string, unknown>>>>;
}

class OpenApiDescription implements GithubDescription {
  readonly #document: Document;
  readonly #ajv = new Ajv({ unknownFormats: 'ignore', logger: false });
  readonly #paths: readonly { readonly pattern: RegExp; readonly words: number; readonly path: string }[];
  readonly #validators = new Map<string, ValidateFunction>();

  constructor(document: Document) {
    this.#document = document;
    const schemas = document.components['schemas'] as Json;
    this.#ajv.addSchema({ $id: DOCUMENT, components: { schemas: toJsonSchema(schemas, DOCUMENT) } });
    this.#paths = Object.keys(document.paths)
      .map((path) => ({ path, pattern: patternOf(path), words: wordsOf(path) }))
      .toSorted((a, b) => b.words - a.words);
  }

  problemsOfCall(call: GithubCallSeen): readonly string[] {
    const { method, path, query, body, status, answer } = call;
    // GraphQL has a description of its own.
    if (path === '/graphql') return [];
    const name = `${method} ${path}`;
    const found = this.#operationOf(method, path);
    if (found === undefined) return status === 404 ? [] : [`${name} is no route of GitHub's`];
    const known = this.#queryOf(found);
    const unknown = [...query.keys()].filter((given) => !known.includes(given));
    return [
      ...unknown.map((given) => `${name}: there is no query parameter ${given}`),
      ...(status < 400 ? this.#check(`${name} request`, jsonOf(found.requestBody?.content), body) : []),
      ...this.#problemsOfAnswer(name, found, status, answer),
    ];
  }

  problemsOfDelivery({
    event,
    action,
    payload,
  }: Pick<GithubDelivery, 'event' | 'action' | 'payload'>): readonly string[] {
    const name = [event, action]
      .filter((part) => part !== undefined)
      .join('-')
      .replaceAll('_', '-');
    const found = this.#document['x-webhooks'][name]?.['post'];
    if (found === undefined) return [`${name} is no webhook of GitHub's`];
    return this.#check(name, jsonOf(operation.parse(found).requestBody?.content), payload);
  }

  /** Any route may refuse for reasons that its description does not list. */
  #problemsOfAnswer(
    name: string,
    { responses = {} }: Operation,
    status: number,
    answer: unknown,
  ): readonly string[] {
    const described = responses[String(status)];
    if (described === undefined)
      return status >= 400 || status === 307 ? [] : [`${name} never answers ${status}`];
    const response = z.looseObject({ content }).parse(this.#followed(described));
    const problems = this.#check(`${name} ${status}`, jsonOf(response.content), answer);
    return problems.filter((problem) => !MISTAKES.some((mistake) => mistake.test(problem)));
  }

  #operationOf(method: string, path: string): Operation | undefined {
    const candidates = this.#paths.filter(({ pattern }) => pattern.test(path));
    for (const candidate of candidates) {
      const found = this.#document.paths[candidate.path]?.[method.toLowerCase()];
      if (found !== undefined) return operation.parse(found);
    }
    return undefined;
  }

  #queryOf({ parameters = [] }: Operation): readonly string[] {
    return parameters
      .map((given) => parameter.parse(this.#followed(given)))
      .filter((given) => given.in === 'query')
      .map(({ name }) => name);
  }

  #followed(value: unknown): unknown {
    const { $ref } = z.looseObject({ $ref: z.string().optional() }).parse(value);
    if ($ref === undefined) return value;
    const [, , kind = '', name = ''] = $ref.split('/');
    return this.#document.components[kind]?.[name];
  }

  #check(name: string, schema: Json | undefined, value: unknown): readonly string[] {
    if (schema === undefined || value === undefined || typeof value === 'string') return [];
    const validate = this.#validatorFor(schema);
    // As it goes over the wire.
    if (validate(JSON.parse(JSON.stringify(value))) === true) return [];
    return (validate.errors ?? []).map(({ dataPath, message }) => `${name}: ${dataPath} ${message}`);
  }

  #validatorFor(schema: Json): ValidateFunction {
    const key = JSON.stringify(schema);
    const known = this.#validators.get(key) ?? this.#ajv.compile(toJsonSchema(schema, DOCUMENT) as object);
    this.#validators.set(key, known);
    return known;
  }
}

const DOCUMENT = 'github';

/** What the description gets wrong itself. */
const MISTAKES: readonly RegExp[] = [
  // An account is said to be both, a user and an enterprise: elsewhere it is either.
  /^GET \/app\/installations 200: \[\d+\]\.account /,
];

function jsonOf(given: z.infer<typeof content>): Json | undefined {
  return given?.['application/json']?.schema;
}

function wordsOf(path: string): number {
  return path.split('/').filter((part) => !part.startsWith('{')).length;
}

/** The last parameter may have slashes in it, as branches have. */
function patternOf(path: string): RegExp {
  const isLong = /\{(ref|branch|basehead)\}/;
  const source = path
    // A repository's root is a path, too.
    .replace('/{path}', '{path}')
    .split(/(\{\w+\})/)
    .map((part) =>
      !part.startsWith('{')
        ? part.replaceAll('.', '\\.')
        : part === '{path}'
          ? '(?:/.*)?'
          : isLong.test(part)
            ? '.+'
            : '[^/]+',
    )
    .join('');
  return new RegExp(`^${source}$`);
}
