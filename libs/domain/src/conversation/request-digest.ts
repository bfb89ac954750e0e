import { createHash } from 'node:crypto';
import { z } from 'zod';
import type { ModelRequest } from '../ports/language-model';

/** What tells two requests to a model apart, part by part. */
export const requestDigest = z.object({
  system: z.string(),
  tools: z.string(),
  /** How many, and their content. */
  messages: z.string(),
  /** How long the answer may be, and how hard the model is to think. */
  asks: z.string(),
});
export type RequestDigest = z.infer<typeof requestDigest>;

/** The bytes that a request is made of, in the order in which they are there. */
export function digestOf({ system, tools, messages, maxOutputTokens, effort }: ModelRequest): RequestDigest {
  return {
    system: hashOf(system),
    tools: hashOf(JSON.stringify(tools)),
    messages: `${messages.length}:${hashOf(JSON.stringify(messages))}`,
    asks: `${maxOutputTokens} ${effort ?? 'usual'}`,
  };
}

const hashOf = (words: string): string => createHash('sha256').update(words).digest('base64url').slice(0, 22);
