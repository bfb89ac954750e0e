import type { JsonObject, JsonValue } from '../json';

const TYPES = new Set(['object', 'array', 'string', 'number', 'integer', 'boolean', 'null']);
/** Of those that OpenAI takes; what another says is lost on a model anyway. */
const FORMATS = new Set([
  'date-time',
  'date',
  'time',
  'duration',
  'email',
  'hostname',
  'ipv4',
  'ipv6',
  'uuid',
]);
const SIZES = ['minLength', 'maxLength', 'minItems', 'maxItems', 'minProperties', 'maxProperties'];
const BOUNDS = ['minimum', 'maximum', 'exclusiveMinimum', 'exclusiveMaximum'];
/** Anthropic refuses a request with another one. */
const PROPERTY = /^[\w.-]{1,64}$/;
const MAX_NODES = 1_000;
const MAX_DEPTH = 16;

interface Walk {
  readonly root: JsonObject;
  /** What is being resolved right now: inside of it, a reference to it can't be. */
  readonly within: readonly string[];
  readonly depth: number;
  readonly count: { nodes: number; isRefused: boolean };
}

/**
 * A tool's input schema as every provider takes it, whatever its server wrote: an object of plain keywords without
 * references, without alternatives at its top (Anthropic and OpenAI refuse those), with the items of every list
 * described (OpenAI wants that). It allows what the original allows, and maybe more: the server still checks. Undefined
 * where a property's name is refused, or written out it would be too large.
 */
export function plainInputSchema(schema: JsonObject): JsonObject | undefined {
  const count = { nodes: 0, isRefused: false };
  const top = plainSchema(schema, { root: schema, within: [], depth: 0, count });
  if (count.isRefused) return undefined;
  const branches = schemasIn(top['anyOf']);
  const properties = [top, ...branches].map(propertiesOf).reduce(eitherOf, {});
  const inAllBranches = branches
    .map(requiredOf)
    .reduce<readonly string[]>(
      (common, each, i) => (i === 0 ? each : common.filter((name) => each.includes(name))),
      [],
    );
  const required = [...new Set([...requiredOf(top), ...inAllBranches])];
  const { description, additionalProperties } = top;
  // A branch may allow what the top alone does not.
  const others = branches.length === 0 && additionalProperties !== undefined ? { additionalProperties } : {};
  return {
    type: 'object',
    ...(description !== undefined && { description }),
    properties,
    ...(required.length > 0 && { required }),
    ...others,
  };
}

function plainSchema(value: JsonValue | undefined, walk: Walk): JsonObject {
  walk.count.nodes += 1;
  if (walk.count.nodes > MAX_NODES) walk.count.isRefused = true;
  if (!isObject(value) || walk.count.isRefused || walk.depth > MAX_DEPTH) return {};
  const deeper = { ...walk, depth: walk.depth + 1 };
  const own = ownKeywords(value, deeper);
  const parts = [
    referred(value['$ref'], deeper),
    ...schemasIn(value['allOf']).map((each) => plainSchema(each, deeper)),
  ];
  return withItems(parts.reduce<JsonObject>((whole, part) => merged(part, whole), own));
}

function ownKeywords(schema: JsonObject, walk: Walk): JsonObject {
  const plain: Record<string, JsonValue> = {};
  const types = [schema['type']].flat().filter((type) => typeof type === 'string' && TYPES.has(type));
  if (types.length === 1 && types[0] !== undefined) plain['type'] = types[0];
  else if (types.length > 1) plain['type'] = [...new Set(types)] as JsonValue;

  const { description, pattern, format, properties, items, additionalProperties, uniqueItems } = schema;
  if (typeof description === 'string') plain['description'] = description.toWellFormed();
  if (typeof pattern === 'string' && isPattern(pattern)) plain['pattern'] = pattern;
  if (typeof format === 'string' && FORMATS.has(format)) plain['format'] = format;
  if (typeof uniqueItems === 'boolean') plain['uniqueItems'] = uniqueItems;
  for (const key of SIZES) if (isSize(schema[key])) plain[key] = schema[key];
  for (const key of BOUNDS) if (typeof schema[key] === 'number') plain[key] = schema[key];
  if (typeof schema['multipleOf'] === 'number' && schema['multipleOf'] > 0)
    plain['multipleOf'] = schema['multipleOf'];
  if (schema['default'] !== undefined) plain['default'] = schema['default'];

  const choices = schema['const'] === undefined ? schema['enum'] : [schema['const']];
  if (Array.isArray(choices) && choices.length > 0) plain['enum'] = distinct(choices);
  const branches = [...schemasIn(schema['anyOf']), ...schemasIn(schema['oneOf'])];
  if (branches.length > 0) plain['anyOf'] = branches.map((branch) => plainSchema(branch, walk));

  if (isObject(properties)) {
    const entries = Object.entries(properties);
    if (entries.some(([name]) => !PROPERTY.test(name))) walk.count.isRefused = true;
    plain['properties'] = Object.fromEntries(entries.map(([name, each]) => [name, plainSchema(each, walk)]));
    const required = Array.isArray(schema['required']) ? schema['required'] : [];
    const known = new Set(
      required.filter((name) => typeof name === 'string' && Object.hasOwn(properties, name)),
    );
    if (known.size > 0) plain['required'] = [...known];
  }
  if (isObject(items)) plain['items'] = plainSchema(items, walk);
  if (typeof additionalProperties === 'boolean') plain['additionalProperties'] = additionalProperties;
  else if (isObject(additionalProperties)) {
    plain['additionalProperties'] = plainSchema(additionalProperties, walk);
  }
  return plain;
}

/** What a reference within the schema points to; nothing for one that leads elsewhere, nowhere, or into itself. */
function referred(reference: JsonValue | undefined, walk: Walk): JsonObject {
  if (typeof reference !== 'string' || !reference.startsWith('#') || walk.within.includes(reference))
    return {};
  let target: JsonValue | undefined = walk.root;
  for (const step of reference.slice(1).split('/').slice(1)) {
    const key = decoded(step);
    const isThere: boolean = typeof target === 'object' && target !== null && Object.hasOwn(target, key);
    target = isThere ? (target as JsonObject)[key] : undefined;
  }
  return plainSchema(target, { ...walk, within: [...walk.within, reference] });
}

/** https://www.rfc-editor.org/rfc/rfc6901 */
function decoded(step: string): string {
  const unescaped = step.replace(/~1/g, '/').replace(/~0/g, '~');
  try {
    return decodeURIComponent(unescaped);
  } catch {
    return unescaped;
  }
}

/** Both at once; where both say something of the same, the second stands. */
function merged(one: JsonObject, other: JsonObject): JsonObject {
  const properties = { ...propertiesOf(one), ...propertiesOf(other) };
  const required = [...new Set([...requiredOf(one), ...requiredOf(other)])];
  return {
    ...one,
    ...other,
    ...(Object.keys(properties).length > 0 && { properties }),
    ...(required.length > 0 && { required }),
  };
}

/** The properties of two alternatives; one that both have may be as in either. */
function eitherOf(one: JsonObject, other: JsonObject): JsonObject {
  const both = Object.entries(other).map(([name, schema]): [string, JsonValue | undefined] => {
    const before = Object.hasOwn(one, name) ? one[name] : undefined;
    if (before === undefined || JSON.stringify(before) === JSON.stringify(schema)) return [name, schema];
    return [name, { anyOf: [before, schema] as JsonValue }];
  });
  return { ...one, ...(Object.fromEntries(both) as JsonObject) };
}

function withItems(schema: JsonObject): JsonObject {
  const isList = [schema['type']].flat().includes('array');
  return isList && schema['items'] === undefined ? { ...schema, items: {} } : schema;
}

const isObject = (value: JsonValue | undefined): value is JsonObject =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

const isSize = (value: JsonValue | undefined): value is number =>
  Number.isSafeInteger(value) && Number(value) >= 0;

function schemasIn(value: JsonValue | undefined): readonly JsonObject[] {
  return Array.isArray(value) ? value.filter(isObject) : [];
}

const propertiesOf = ({ properties }: JsonObject): JsonObject => (isObject(properties) ? properties : {});

function requiredOf({ required }: JsonObject): readonly string[] {
  return Array.isArray(required) ? required.filter((name) => typeof name === 'string') : [];
}

function distinct(values: readonly JsonValue[]): JsonValue[] {
  return [...new Map(values.map((value) => [JSON.stringify(value), value])).values()];
}

function isPattern(pattern: string): boolean {
  try {
    return new RegExp(pattern, 'u') instanceof RegExp;
  } catch {
    return false;
  }
}
