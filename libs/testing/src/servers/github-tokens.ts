import { createVerify, randomBytes } from 'node:crypto';
import { z } from 'zod';
import { GithubRefusal } from './github-refusal';
import { clientIdOf } from './github-entities';
import type { GithubApp, GithubInstallation, GithubRepository } from './github-entities';
import type { GithubWorld } from './github-world';

/** `read`, `write` or `admin` by permission, as https://docs.github.com/en/rest/authentication/permissions-required-for-github-apps names them. */
export type GithubPermissions = Readonly<Record<string, string>>;

/** Whom a request comes from, and what it may do. */
export type GithubGrant =
  | { readonly kind: 'classic'; readonly login: string; readonly scopes: readonly string[] }
  | {
      readonly kind: 'fine-grained';
      readonly login: string;
      readonly permissions: GithubPermissions;
      /** Repository ids. */
      readonly repositories: 'all' | ReadonlySet<number>;
    }
  | {
      readonly kind: 'installation';
      readonly login: string;
      readonly permissions: GithubPermissions;
      readonly repositories: 'all' | ReadonlySet<number>;
      readonly installation: GithubInstallation;
    }
  | { readonly kind: 'app'; readonly login: string; readonly app: GithubApp };

interface Issued {
  readonly grant: GithubGrant;
  readonly expiresAtMs: number;
  readonly isSsoAuthorized: boolean;
}

export interface PersonalTokenOptions {
  /** What it is; left out, it is numbered. */
  readonly token?: string;
  readonly expiresAtMs?: number;
  /** Authorized for organizations with single sign-on: it is, unless this is false. */
  readonly isSsoAuthorized?: boolean;
}

const LIFETIME_MS = 3_600_000;
/** https://docs.github.com/en/apps/creating-github-apps/authenticating-with-a-github-app/generating-a-json-web-token-jwt-for-a-github-app */
const LONGEST_JWT_S = 600;

/** Every credential there is. Their shapes: https://docs.github.com/en/authentication/keeping-your-account-and-data-secure/about-authentication-to-github#githubs-token-formats */
export class GithubTokens {
  /**
   * How installations' tokens look: some 520 characters with dots, dashes and underscores since 2026, 40 before and on
   * Enterprise Server (https://github.blog/changelog/2026-05-15-github-app-installation-tokens-per-request-override-header/).
   */
  installationFormat: 'stateless' | 'opaque' = 'stateless';
  readonly #world: GithubWorld;
  readonly #issued = new Map<string, Issued>();
  #count = 0;

  constructor(world: GithubWorld) {
    this.#world = world;
  }

  /** A classic personal access token. */
  addClassic(
    login: string,
    scopes: readonly string[] = ['repo', 'workflow'],
    options: PersonalTokenOptions = {},
  ): string {
    return this.#issue('ghp_', { kind: 'classic', login, scopes }, options);
  }

  /** `repositories` are `owner/name`. */
  addFineGrained(
    login: string,
    permissions: GithubPermissions,
    repositories: 'all' | readonly string[] = 'all',
    options: PersonalTokenOptions = {},
  ): string {
    const reached = repositories === 'all' ? repositories : this.#ids(repositories);
    return this.#issue(
      'github_pat_',
      { kind: 'fine-grained', login, permissions, repositories: reached },
      options,
    );
  }

  /** An installation's token for one hour. */
  addInstallation(
    installation: GithubInstallation,
    permissions: GithubPermissions,
    repositories: 'all' | ReadonlySet<number>,
    format = this.installationFormat,
  ): { readonly token: string; readonly expiresAtMs: number } {
    const expiresAtMs = this.#world.nowMs() + LIFETIME_MS;
    const login = `${installation.app}[bot]`;
    const grant: GithubGrant = { kind: 'installation', login, permissions, repositories, installation };
    const given = { expiresAtMs };
    if (format === 'opaque') return { token: this.#issue('ghs_', grant, given), expiresAtMs };
    const appId = this.#world.apps.get(installation.app)?.id ?? 0;
    return {
      token: this.#keep(`ghs_${appId}_${statelessPart(installation, expiresAtMs)}`, grant, given),
      expiresAtMs,
    };
  }

  revoke(token: string): void {
    this.#issued.delete(token);
  }

  /** Whom a token is; `Bad credentials` where it is nobody's, or too old. */
  grantOf(token: string): GithubGrant {
    const issued = this.#issued.get(token);
    // Others have dots in them, too.
    if (issued === undefined && token.startsWith('ey')) return { kind: 'app', ...this.#verifyJwt(token) };
    if (issued === undefined || issued.expiresAtMs <= this.#world.nowMs()) throw badCredentials();
    const { grant } = issued;
    if (grant.kind === 'installation' && grant.installation.isSuspended) {
      throw new GithubRefusal(403, 'This installation has been suspended');
    }
    return grant;
  }

  isSsoAuthorized(token: string): boolean {
    return this.#issued.get(token)?.isSsoAuthorized ?? true;
  }

  #issue(prefix: string, grant: GithubGrant, options: PersonalTokenOptions): string {
    this.#count += 1;
    const { token = `${prefix}${String(this.#count).padStart(36, '0')}` } = options;
    return this.#keep(token, grant, options);
  }

  #keep(
    token: string,
    grant: GithubGrant,
    { expiresAtMs = Infinity, isSsoAuthorized = true }: PersonalTokenOptions,
  ): string {
    this.#issued.set(token, { grant, expiresAtMs, isSsoAuthorized });
    return token;
  }

  #ids(fullNames: readonly string[]): ReadonlySet<number> {
    return new Set(fullNames.map((name) => this.#world.repository(name).id));
  }

  #verifyJwt(jwt: string): { readonly login: string; readonly app: GithubApp } {
    const [header = '', payload = '', signature = ''] = jwt.split('.');
    const { alg } = decoded(header, z.object({ alg: z.string() }));
    const { iss, iat, exp } = decoded(payload, claims);
    const app = [...this.#world.apps.values()].find((known) =>
      [String(known.id), clientIdOf(known)].includes(String(iss)),
    );
    if (app?.publicKey === undefined) throw new GithubRefusal(404, 'Integration not found');
    const signed = createVerify('RSA-SHA256').update(`${header}.${payload}`);
    if (alg !== 'RS256' || !signed.verify(app.publicKey, signature, 'base64url')) {
      throw new GithubRefusal(401, 'A JSON web token could not be decoded');
    }
    const nowS = this.#world.nowMs() / 1_000;
    if (exp <= nowS) {
      throw new GithubRefusal(
        401,
        "'Expiration time' claim ('exp') must be a numeric value representing the future time at which the assertion expires",
      );
    }
    if (exp > nowS + LONGEST_JWT_S) {
      throw new GithubRefusal(401, "'Expiration time' claim ('exp') is too far in the future");
    }
    if (iat > nowS) {
      throw new GithubRefusal(
        401,
        "'Issued at' claim ('iat') must be an Integer representing the time that the assertion was issued",
      );
    }
    return { login: `${app.slug}[bot]`, app };
  }
}

/** Signed by GitHub, and to nobody else more than characters. */
function statelessPart({ id }: GithubInstallation, expiresAtMs: number): string {
  const encode = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url');
  const payload = {
    iss: 'github',
    sub: String(id),
    exp: expiresAtMs / 1_000,
    jti: randomBytes(8).toString('hex'),
  };
  return `${encode({ alg: 'RS256', typ: 'JWT' })}.${encode(payload)}.${randomBytes(256).toString('base64url')}`;
}

const claims = z.object({ iss: z.union([z.string(), z.number()]), iat: z.number(), exp: z.number() });

function decoded<T>(part: string, schema: z.ZodType<T>): T {
  try {
    return schema.parse(JSON.parse(Buffer.from(part, 'base64url').toString()));
  } catch {
    throw new GithubRefusal(401, 'A JSON web token could not be decoded');
  }
}

function badCredentials(): GithubRefusal {
  return new GithubRefusal(401, 'Bad credentials');
}

/** Whether a grant reaches a repository at all by what it was made for; `true` for all that a person's classic token sees. */
export function isGrantedOn(grant: GithubGrant, repository: GithubRepository, world: GithubWorld): boolean {
  if (grant.kind === 'classic') return true;
  if (grant.kind === 'app') return false;
  if (grant.kind === 'installation' && !world.reaches(grant.installation, repository)) return false;
  return grant.repositories === 'all' || grant.repositories.has(repository.id);
}
