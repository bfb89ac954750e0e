import { apiApp } from '@swe/adapter-http/api';
import type { ApiAppOptions } from '@swe/adapter-http/api';
import { sessionApi } from '@swe/application/ingress';
import type { ApiPorts, ApiRules } from '@swe/application/ingress';
import { API_PATH } from '@swe/domain/api';

export type HttpApiOptions = Pick<ApiAppOptions, 'isBrief' | 'ending' | 'rate' | 'forge' | 'cookie'>;

/** The HTTP API over these ports, as an ingress serves it. */
export function openHttpApi(
  ports: ApiPorts & Pick<ApiAppOptions, 'clock'>,
  rules: ApiRules,
  options: HttpApiOptions = {},
): Readonly<Record<typeof API_PATH, (request: Request) => Response | Promise<Response>>> {
  const ruled = { ...rules, hasForge: options.forge !== undefined };
  const { fetch } = apiApp({ ...ports, ...options, api: sessionApi(ports, ruled) });
  return { [API_PATH]: (request) => fetch(request) };
}
