import { z } from 'zod';

/** https://docs.github.com/rest/authentication/permissions-required-for-github-apps */
export const permissionSet = z.record(z.string(), z.enum(['read', 'write', 'admin']));
export type Permissions = z.infer<typeof permissionSet>;

const LEVELS = ['read', 'write', 'admin'];

const talk = {
  metadata: 'read',
  contents: 'read',
  issues: 'write',
  pull_requests: 'write',
  checks: 'read',
  statuses: 'read',
  actions: 'read',
} as const;

/** What a token may do, by what it is for: `talk` and `change` are the API's, `read` and `push` are git's. */
export const PERMISSIONS = {
  talk,
  change: { ...talk, contents: 'write' },
  read: { metadata: 'read', contents: 'read' },
  /** Not `workflows`: those run with the repository's secrets, and GitHub refuses a push that changes one without it. */
  push: { metadata: 'read', contents: 'write' },
  /** With a person's leave. An App need not have it: where it lacks it, GitHub's refusal of the push says so. */
  'push-workflows': { metadata: 'read', contents: 'write', workflows: 'write' },
} as const satisfies Record<string, Permissions>;

const { 'push-workflows': _onLeave, ...needed } = PERMISSIONS;

/** All that an App is to be granted, so that each of its tokens can be minted: of every permission the most. */
export const APP_PERMISSIONS: Permissions = Object.values(needed)
  .flatMap((permissions) => Object.entries<Level>(permissions))
  .reduce<Permissions>((all, [name, level]) => ({ ...all, [name]: greater(level, all[name]) }), {});

/** What of `wanted` is not granted, such as `contents: write`. */
export function lackOf(wanted: Permissions, granted: Permissions): readonly string[] {
  const given = grantedOf(wanted, granted);
  return Object.entries(wanted).flatMap(([name, level]) =>
    given[name] === level ? [] : [`${name}: ${level}`],
  );
}

/** What of `wanted` there is in `granted`. */
export function grantedOf(wanted: Permissions, granted: Permissions): Permissions {
  return Object.fromEntries(
    Object.entries(wanted).flatMap(([name, level]) => {
      const given = granted[name];
      return given === undefined ? [] : [[name, lesser(level, given)] as const];
    }),
  );
}

type Level = Permissions[string];

function greater(a: Level, b: Level | undefined): Level {
  return b === undefined || lesser(a, b) === b ? a : b;
}

function lesser(a: Level, b: Level): Level {
  return LEVELS.indexOf(a) <= LEVELS.indexOf(b) ? a : b;
}
