import {
  allowInsecureRequests,
  authorizationCodeGrantRequest,
  calculatePKCECodeChallenge,
  generateRandomCodeVerifier,
  generateRandomNonce,
  generateRandomState,
  getValidatedIdTokenClaims,
  None,
  processAuthorizationCodeResponse,
  validateApplicationLevelSignature,
  validateAuthResponse,
} from 'oauth4webapi';
import type { AuthorizationServer, Client } from 'oauth4webapi';
import { Fault } from '@swe/domain';
import { z } from 'zod';
import { toFault } from './to-fault';

export interface CognitoAccountsOptions {
  /** `https://cognito-idp.<region>.amazonaws.com/<pool>`. */
  readonly issuer: string;
  /** Of a client without a secret. */
  readonly clientId: string;
  /** Where the pool's hosted pages are: `https://<prefix>.auth.<region>.amazoncognito.com`. */
  readonly domain: string;
}

/** What this reads of an ID token, all of whose claims were checked by then. */
const claims = z.object({
  sub: z.string().min(1),
  email: z.string().exactOptional(),
  'cognito:groups': z.array(z.string()).default([]),
});

/** In the order in which `begin` writes them: none has a dot in it. */
const attempt = z
  .string()
  .transform((text) => text.split('.'))
  .pipe(z.tuple([z.string(), z.string(), z.string()]));

/** Of each of the two requests: API Gateway waits for half a minute. */
const ASKED_MS = 10_000;

/**
 * People as a user pool of Cognito's knows them, who sign in at its hosted pages: authorization code flow with PKCE,
 * state and nonce (https://www.rfc-editor.org/rfc/rfc9700#section-2.1). Cognito's paths are fixed
 * (https://docs.aws.amazon.com/cognito/latest/developerguide/federation-endpoints.html), so nothing is asked for first.
 */
export class CognitoAccounts {
  readonly #server: AuthorizationServer;
  readonly #client: Client;
  readonly #domain: string;
  readonly #http: { readonly [allowInsecureRequests]: boolean; signal(): AbortSignal };

  constructor({ issuer, clientId, domain }: CognitoAccountsOptions) {
    this.#domain = domain;
    this.#client = { client_id: clientId };
    this.#server = {
      issuer,
      authorization_endpoint: `${domain}/oauth2/authorize`,
      token_endpoint: `${domain}/oauth2/token`,
      jwks_uri: `${issuer}/.well-known/jwks.json`,
      id_token_signing_alg_values_supported: ['RS256'],
    };
    this.#http = {
      // Cognito has TLS everywhere; what stands in for it has not.
      [allowInsecureRequests]: issuer.startsWith('http:'),
      signal: () => AbortSignal.timeout(ASKED_MS),
    };
  }

  /** Where a browser signs in, and what it keeps meanwhile, which nobody else may see. It comes back to `callback`. */
  async begin(callback: string): Promise<{ readonly url: string; readonly attempt: string }> {
    const [state, nonce, verifier] = [
      generateRandomState(),
      generateRandomNonce(),
      generateRandomCodeVerifier(),
    ];
    const query = new URLSearchParams({
      response_type: 'code',
      client_id: this.#client.client_id,
      redirect_uri: callback,
      scope: 'openid email',
      state,
      nonce,
      code_challenge: await calculatePKCECodeChallenge(verifier),
      code_challenge_method: 'S256',
    });
    return {
      url: `${this.#domain}/oauth2/authorize?${query}`,
      attempt: [state, nonce, verifier].join('.'),
    };
  }

  /**
   * Who came back, at which address, with what it kept. Throws `denied` where that is nobody who just signed in there,
   * `transient` where it could not be found out.
   */
  async finish(cameBackTo: URL, kept: string) {
    const [state, nonce, verifier] = attempt.safeParse(kept).data ?? [];
    if (state === undefined || nonce === undefined || verifier === undefined) {
      throw new Fault('denied', 'this browser did not begin to sign in here, or long ago');
    }
    try {
      const answer = validateAuthResponse(this.#server, this.#client, cameBackTo, state);
      const callback = `${cameBackTo.origin}${cameBackTo.pathname}`;
      return await this.#exchange(answer, { callback, nonce, verifier });
    } catch (error) {
      throw toFault(error);
    }
  }

  async #exchange(
    answer: URLSearchParams,
    { callback, nonce, verifier }: Readonly<Record<'callback' | 'nonce' | 'verifier', string>>,
  ) {
    const [server, client] = [this.#server, this.#client];
    const response = await authorizationCodeGrantRequest(
      server,
      client,
      None(),
      answer,
      callback,
      verifier,
      this.#http,
    );
    const checks = { expectedNonce: nonce, requireIdToken: true };
    const tokens = await processAuthorizationCodeResponse(server, client, response, checks);
    await validateApplicationLevelSignature(server, response, this.#http);
    const { sub, email, 'cognito:groups': groups } = claims.parse(getValidatedIdTokenClaims(tokens));
    return { id: `cognito:${sub}`, groups, ...(email !== undefined && { email }) };
  }

  /** Where a browser goes to be forgotten by the hosted pages, which send it on to `home`. */
  leave(home: string): string {
    const query = new URLSearchParams({ client_id: this.#client.client_id, logout_uri: home });
    return `${this.#domain}/logout?${query}`;
  }
}
