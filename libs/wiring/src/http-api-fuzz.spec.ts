import { expect, it } from '@jest/globals';
import { API_PATH, openApiDocument, problemDocument } from '@swe/domain/api';
import Ajv from 'ajv';
import fc from 'fast-check';
import { z } from 'zod';
import { memoryForgeApi, openMemoryApi } from '@swe/testing/memory';
import type { MemoryApi } from '@swe/testing/memory';
import { openHttpApi } from './http-api';
import type { HttpApiOptions } from './http-api';

const UNLIMITED = { burst: 1_000_000, perSecond: 1 };
const openApi = (options: HttpApiOptions = {}): MemoryApi =>
  openMemoryApi(
    (ports, rules) =>
      openHttpApi(ports, rules, { rate: UNLIMITED, forge: memoryForgeApi(), ...options })[API_PATH],
  );

type Json = z.infer<typeof json>;
const json = z.json();
const schemaObject = z.record(z.string(), json);

const operation = z.object({
  parameters: z.array(z.object({ in: z.string(), name: z.string(), schema: json })).default([]),
  requestBody: z.object({ content: z.record(z.string(), z.object({ schema: json })) }).optional(),
  responses: z.record(
    z.string(),
    z.object({ content: z.record(z.string(), z.object({ schema: json })).optional() }),
  ),
});
const document = z
  .object({
    servers: z.array(z.object({ url: z.string() })),
    paths: z.record(z.string(), z.record(z.string(), operation)),
    components: z.object({ schemas: z.record(z.string(), json) }),
  })
  .parse(openApiDocument());

/** Values that a schema of the document describes. */
function valuesOf(schema: Json): fc.Arbitrary<unknown> {
  const {
    $ref,
    type,
    enum: choices,
    pattern,
    properties,
    required,
    items,
    ...rest
  } = schemaObject.parse(schema);
  if (typeof $ref === 'string')
    return valuesOf(document.components.schemas[$ref.split('/').at(-1) ?? ''] ?? {});
  if (Array.isArray(choices)) return fc.constantFrom(...choices);
  const { minimum, maximum, maxLength, maxItems } = z
    .object({
      minimum: z.number().default(-1_000),
      maximum: z.number().default(1_000),
      maxLength: z.number().optional(),
      maxItems: z.number().optional(),
    })
    .parse(rest);
  switch (type) {
    case 'string':
      if (typeof pattern === 'string') {
        const matching = fc.stringMatching(new RegExp(pattern));
        return maxLength === undefined ? matching : matching.map((text) => text.slice(0, maxLength));
      }
      return fc.string({ unit: 'binary' });
    case 'integer':
      return fc.integer({ min: Math.max(minimum, -1e9), max: Math.min(maximum, 1e9) });
    case 'number':
      return fc.double({ min: minimum, max: maximum, noNaN: true });
    case 'array':
      return fc.array(valuesOf(items ?? {}), { maxLength: maxItems ?? 4 });
    case 'object': {
      const members = Object.entries(schemaObject.parse(properties ?? {}));
      const requiredKeys = z.array(z.string()).parse(required ?? []);
      return fc.record(Object.fromEntries(members.map(([name, each]) => [name, valuesOf(each)])), {
        requiredKeys,
      });
    }
    default:
      return fc.jsonValue();
  }
}

/** Mostly as the document says, now and then anything else. */
const nearly = (schema: Json): fc.Arbitrary<unknown> =>
  fc.oneof({ weight: 4, arbitrary: valuesOf(schema) }, { weight: 1, arbitrary: fc.jsonValue() });

const operations = Object.entries(document.paths).flatMap(([path, methods]) =>
  Object.entries(methods).map(([method, described]) => ({ path, method, ...described })),
);

interface Drawn {
  readonly described: (typeof operations)[number];
  readonly parameters: readonly unknown[];
  readonly body: unknown;
  readonly isKnown: boolean;
}

const requests: fc.Arbitrary<Drawn> = fc.constantFrom(...operations).chain((described) => {
  const [{ schema } = { schema: undefined }] = Object.values(described.requestBody?.content ?? {});
  return fc.record({
    described: fc.constant(described),
    parameters: fc.tuple(...described.parameters.map((each) => nearly(each.schema))),
    body: schema === undefined ? fc.constant(undefined) : nearly(schema),
    isKnown: fc.boolean(),
  });
});

/** What a header or a path can hold of anything. */
const plain = (value: unknown): string => String(value).replaceAll(/[^\x21-\x7e]/g, '') || 'x';

it('whatever is asked, the answer is as the document says, and never a failure of ours', async () => {
  const ajv = new Ajv({ unknownFormats: 'ignore', schemaId: 'auto' });
  const definitions = { components: document.components };
  const of = openApi({ isBrief: true });
  const { token } = await of.key(['admin'], { expiresAtMs: Date.UTC(2100) });
  const begun = await of.send('POST', '/sessions', { token, body: { task: 'Go.' } });
  const { id } = (await begun.json()) as { id: string };
  const there: Readonly<Record<string, string>> = { sessionId: id, repositoryName: 'shop', pullNumber: '2' };

  await fc.assert(
    fc.asyncProperty(requests, async ({ described, parameters, body, isKnown }) => {
      let { path } = described;
      const query = new URLSearchParams();
      const headers: Record<string, string> = {};
      described.parameters.forEach(({ in: where, name }, i) => {
        const value = parameters[i];
        if (where === 'path') {
          const known = isKnown ? there[name] : undefined;
          path = path.split(`{${name}}`).join(known ?? encodeURIComponent(plain(value)));
        } else if (where === 'query') query.set(name, String(value));
        else headers[name] = plain(value);
      });
      const sending = of.send(described.method.toUpperCase(), `${path}?${query}`, {
        token,
        headers,
        ...(body !== undefined && { body }),
      });
      const response = await sending;
      const reading = response.text();
      if (response.headers.get('content-type')?.startsWith('text/event-stream'))
        await of.clock.advance(25_000);
      const text = await reading;

      expect(response.status).toBeLessThan(500);
      const answer = described.responses[response.status];
      expect([described.path, response.status, answer]).toEqual([
        described.path,
        response.status,
        expect.anything(),
      ]);
      const [[mediaType, { schema }] = [undefined, { schema: {} }]] = Object.entries(answer?.content ?? {});
      if (mediaType === undefined || mediaType === 'text/event-stream') return;
      expect(response.headers.get('content-type')).toContain(mediaType);
      const given = JSON.parse(text) as unknown;
      if (response.status >= 400) problemDocument.parse(given);
      const isValid = ajv.validate({ ...definitions, ...schemaObject.parse(schema) }, given);
      expect([described.path, given, isValid ? null : ajv.errors]).toEqual([described.path, given, null]);
    }),
    { numRuns: 150 },
  );
});
