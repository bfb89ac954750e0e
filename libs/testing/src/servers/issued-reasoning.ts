import { z } from 'zod';
import type { LoopbackAnswer, LoopbackRefusal, LoopbackRequest } from './loopback-script';

/** The encrypted reasoning that OpenAI gave, as it takes it back: unchanged, and by the same model. */
export interface IssuedReasoning {
  issue(answer: LoopbackAnswer, request: LoopbackRequest): void;
  check(request: LoopbackRequest): LoopbackRefusal | undefined;
}

const item = z.object({
  type: z.string().optional(),
  id: z.string().optional(),
  encrypted_content: z.string().nullish(),
});
const responsesRequest = z.object({ model: z.string(), input: z.array(item) });

/** The error: https://github.com/openai/codex/issues/17541, https://github.com/openai/codex/issues/8119 */
export function issuedReasoning(): IssuedReasoning {
  const issued = new Map<string, string>();
  return {
    issue({ reasoning = [] }, { body }) {
      for (const { seal } of reasoning) if (seal !== undefined) issued.set(seal, String(body['model']));
    },
    check({ body }) {
      const { model, input } = responsesRequest.parse(body);
      const sealed = input.filter(
        ({ type, encrypted_content }) => type === 'reasoning' && encrypted_content != null,
      );
      const foreign = sealed.find(({ encrypted_content }) => issued.get(encrypted_content ?? '') !== model);
      if (foreign === undefined) return undefined;
      const message = `The encrypted content for item ${foreign.id} could not be verified. Reason: Encrypted content could not be decrypted or parsed.`;
      return {
        status: 400,
        error: { type: 'invalid_request_error', message, code: 'invalid_encrypted_content' },
      };
    },
  };
}
