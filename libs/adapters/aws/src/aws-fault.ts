import { Fault } from '@swe/domain';
import type { FaultKind } from '@swe/domain';
import { z } from 'zod';
import { COMMON_ADVICE } from './aws-advice';
import type { AdviceByName, Meaning } from './aws-advice';

const vendorError = z.object({
  name: z.string(),
  message: z.string(),
  code: z.string().optional(),
  $metadata: z.object({ httpStatusCode: z.number().optional() }).optional(),
});
type VendorError = z.infer<typeof vendorError>;

/** The codes of Node's sockets and of its resolver. */
const NETWORK_CODE = /^E(AI_AGAIN|CONN[A-Z]+|HOST[A-Z]+|NET[A-Z]+|NOTFOUND|PIPE|TIMEDOUT)$/;

/** Enough for an action, a role and a resource by their ARNs. */
const MAX_WORDS = 400;

/**
 * An error of the SDK as a `Fault`, by its name, else by its status, else by the code of a broken connection. Its message
 * has the vendor's words, then what mends it. One that none of these tells is given back as it is.
 */
export function toAwsFault(error: unknown, own: AdviceByName): unknown {
  if (error instanceof Fault) return error;
  const parsed = vendorError.safeParse(error);
  if (!parsed.success) return error;
  const words = wordsOf(parsed.data.message);
  const found = adviceOn(parsed.data, words, own) ?? kindOf(parsed.data);
  if (found === undefined) return error;
  const { kind, mend, quotesRequest = false } = typeof found === 'string' ? { kind: found, mend: '' } : found;
  const { name } = parsed.data;
  const told = [name === 'Error' ? '' : name, words, mend].filter((part) => part !== '');
  const cause = quotesRequest ? Object.assign(new Error(words), { name }) : error;
  return new Fault(kind, told.join(': '), { cause });
}

/** What comes behind is long or secret: EC2's encoded authorization failure, the request as it should have been signed. */
const NOT_TOLD = /\n| Encoded authorization failure message:| The Canonical String for this request/;

function wordsOf(message: string): string {
  const [line = ''] = message.split(NOT_TOLD, 1);
  const told = line.trim().replace(/\.$/, '');
  return told.length > MAX_WORDS ? `${told.slice(0, MAX_WORDS)}...` : told;
}

function adviceOn({ name, code }: VendorError, words: string, own: AdviceByName): Meaning | undefined {
  for (const table of [own, COMMON_ADVICE]) {
    for (const key of [name, code ?? name]) {
      const advice = Object.hasOwn(table, key) ? table[key] : undefined;
      if (advice !== undefined) return typeof advice === 'function' ? advice(words) : advice;
    }
  }
  return undefined;
}

function kindOf({ code, $metadata }: VendorError): FaultKind | undefined {
  const status = $metadata?.httpStatusCode;
  if (status !== undefined) {
    if (status === 429) return 'throttled';
    if (status === 401 || status === 403) return 'denied';
    return status >= 500 ? 'transient' : undefined;
  }
  return code !== undefined && NETWORK_CODE.test(code) ? 'transient' : undefined;
}
