import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { z } from 'zod';
import type { JsonObject } from '../json';
import { plainInputSchema } from './plain-input-schema';

const text = { type: 'string' };

describe('an input schema that providers take', () => {
  it.each<[string, JsonObject, JsonObject]>([
    ['an empty one is an object', {}, { type: 'object', properties: {} }],
    [
      'what is plain stays',
      {
        type: 'object',
        properties: { a: { ...text, description: 'A.', minLength: 1 } },
        required: ['a'],
        additionalProperties: false,
      },
      {
        type: 'object',
        properties: { a: { ...text, description: 'A.', minLength: 1 } },
        required: ['a'],
        additionalProperties: false,
      },
    ],
    [
      'references are written out, with what stands beside them',
      {
        $defs: { 'a/b': { ...text, description: 'old' } },
        properties: { x: { $ref: '#/$defs/a~1b', description: 'new' } },
      },
      { type: 'object', properties: { x: { ...text, description: 'new' } } },
    ],
    [
      'one into itself ends',
      {
        definitions: { node: { type: 'object', properties: { next: { $ref: '#/definitions/node' } } } },
        properties: { x: { $ref: '#/definitions/node' } },
      },
      { type: 'object', properties: { x: { type: 'object', properties: { next: {} } } } },
    ],
    [
      'one that leads elsewhere or nowhere allows anything',
      {
        properties: {
          x: { $ref: 'https://example.com/s.json' },
          y: { $ref: '#/nowhere' },
          z: { $ref: '#/constructor' },
        },
      },
      { type: 'object', properties: { x: {}, y: {}, z: {} } },
    ],
    [
      'alternatives at the top are one object',
      {
        anyOf: [
          { properties: { a: text, c: text }, required: ['a', 'c'] },
          { properties: { b: text, c: { type: 'number' } }, required: ['b', 'c'] },
        ],
      },
      {
        type: 'object',
        properties: { a: text, c: { anyOf: [text, { type: 'number' }] }, b: text },
        required: ['c'],
      },
    ],
    [
      'parts that all hold are one',
      {
        allOf: [{ properties: { a: text }, required: ['a'] }, { properties: { b: text } }],
        properties: { c: text },
      },
      { type: 'object', properties: { a: text, b: text, c: text }, required: ['a'] },
    ],
    [
      'alternatives further down stay',
      { properties: { a: { oneOf: [text, { type: 'null' }] } } },
      { type: 'object', properties: { a: { anyOf: [text, { type: 'null' }] } } },
    ],
    [
      'the items of a list are described',
      { properties: { a: { type: 'array' }, b: { type: ['array', 'null'], items: [text] } } },
      {
        type: 'object',
        properties: { a: { type: 'array', items: {} }, b: { type: ['array', 'null'], items: {} } },
      },
    ],
    [
      'unknown keywords, types, formats and patterns go',
      {
        $schema: 'x',
        $id: 'y',
        title: 't',
        properties: {
          a: {
            type: 'str',
            format: 'color',
            pattern: '(',
            minimum: '1',
            exclusiveMinimum: true,
            examples: [1],
            if: {},
          },
        },
        required: ['a', 'b', 7],
      },
      { type: 'object', properties: { a: {} }, required: ['a'] },
    ],
    [
      'a constant is a choice of one',
      { properties: { a: { const: 'x' } } },
      { type: 'object', properties: { a: { enum: ['x'] } } },
    ],
    ['a list as schema', { properties: [] }, { type: 'object', properties: {} }],
  ])('%s', (_name, given, expected) => {
    expect(plainInputSchema(given)).toEqual(expected);
  });

  it('can’t be made where a property’s name is refused', () => {
    expect(plainInputSchema({ properties: { 'größe in cm': text } })).toBeUndefined();
    expect(
      plainInputSchema({ properties: { a: { properties: { ['x'.repeat(65)]: text } } } }),
    ).toBeUndefined();
  });

  it('can’t be made where references multiply', () => {
    const $defs: JsonObject = Object.fromEntries(
      Array.from({ length: 12 }, (_, i) => {
        const next = { $ref: `#/$defs/d${i + 1}` };
        return [`d${i}`, { type: 'object', properties: { a: next, b: next, c: next } }];
      }),
    );
    expect(plainInputSchema({ $defs, properties: { x: { $ref: '#/$defs/d0' } } })).toBeUndefined();
  });

  it('is as its grammar has it, whatever a server sends', () => {
    const size = z.int().nonnegative();
    const type = z.enum(['object', 'array', 'string', 'number', 'integer', 'boolean', 'null']);
    const schema: z.ZodType = z.lazy(() =>
      z.strictObject({
        type: z.union([type, z.array(type).min(2)]).optional(),
        description: z.string().optional(),
        pattern: z.string().optional(),
        format: z.string().optional(),
        uniqueItems: z.boolean().optional(),
        minLength: size.optional(),
        maxLength: size.optional(),
        minItems: size.optional(),
        minimum: z.number().optional(),
        default: z.unknown().optional(),
        enum: z.array(z.unknown()).min(1).optional(),
        anyOf: z.array(schema).min(1).optional(),
        properties: z.record(z.string().regex(/^[\w.-]{1,64}$/), schema).optional(),
        required: z.array(z.string()).optional(),
        items: schema.optional(),
        additionalProperties: z.union([z.boolean(), schema]).optional(),
      }),
    );
    const top = z.strictObject({
      type: z.literal('object'),
      description: z.string().optional(),
      properties: z.record(z.string(), schema),
      required: z.array(z.string()).optional(),
      additionalProperties: z.union([z.boolean(), schema]).optional(),
    });
    const keyword = fc.constantFrom(
      ...['type', 'properties', 'required', 'items', 'anyOf', 'oneOf', 'allOf', '$ref', 'enum', 'const'],
      ...[
        'minLength',
        'minItems',
        'minimum',
        'pattern',
        'format',
        'default',
        'additionalProperties',
        'x',
        '__proto__',
      ],
    );
    const value = fc.letrec((tie) => ({
      any: fc.oneof(
        { maxDepth: 5 },
        fc.constantFrom('object', 'array', 'string', '#', '#/properties/x', 0, -1, true, null),
        tie('list'),
        tie('object'),
      ),
      list: fc.array(tie('any'), { maxLength: 3 }),
      object: fc.dictionary(keyword, tie('any'), { maxKeys: 5 }),
    }));
    fc.assert(
      fc.property(value.object, (given) => {
        const plain = plainInputSchema(JSON.parse(JSON.stringify(given)) as JsonObject);
        if (plain !== undefined) top.parse(plain);
      }),
    );
  });
});
