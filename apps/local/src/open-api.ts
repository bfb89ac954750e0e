import type { IngressOptions } from '@swe/adapter-http/ingress';
import type { Logger } from '@swe/domain';
import { chatRulesOf } from './chat-rules';
import type { Twin } from './open-twin';
import type { Config, Program } from './program';

/** The twin's HTTP API. Responses that stream end with the signal. */
export async function openApi(
  { clock, random }: Pick<Program, 'clock' | 'random'>,
  config: Config,
  { twin, logger }: { readonly twin: Twin; readonly logger: Logger },
  ending: AbortSignal,
): Promise<NonNullable<IngressOptions['below']>> {
  const { openHttpApi } = await import('@swe/wiring/http-api');
  return openHttpApi({ ...twin, clock, random, logger }, await chatRulesOf(config), { ending });
}
