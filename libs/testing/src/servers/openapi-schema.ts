/** Anything that a JSON document may have. */
export type Json = null | boolean | number | string | readonly Json[] | { readonly [name: string]: Json };

/**
 * A schema of OpenAPI 3.0 as JSON Schema: `nullable` becomes a choice, also where there is an enumeration or a reference beside it,
 * and references point into the document that is called `document`.
 */
export function toJsonSchema(schema: Json, document: string): Json {
  if (Array.isArray(schema)) return schema.map((item: Json) => toJsonSchema(item, document));
  if (typeof schema !== 'object' || schema === null) return schema;
  const entries = Object.entries(schema).flatMap(([name, value]): [string, Json][] => {
    // Of a schema, not of a property that has this name.
    if (name === 'nullable' && typeof value === 'boolean') return [];
    if (name === '$ref' && typeof value === 'string') return [[name, `${document}${value}`]];
    return [[name, toJsonSchema(value, document)]];
  });
  const rest = Object.fromEntries(entries);
  return 'nullable' in schema && schema['nullable'] === true ? { anyOf: [{ type: 'null' }, rest] } : rest;
}
