/**
 * What has git in a shell talk to the proxy at `proxyUrl` instead of `origins`, and say who it is. It stands in the
 * environment alone, which other users cannot read, unlike arguments; and it needs no file, so that it holds where
 * somebody does without those: https://git-scm.com/docs/git-config#ENVIRONMENT
 */
export function shellGitEnvironment(
  proxyUrl: string,
  origins: readonly string[],
  authorization: string,
): Record<string, string> {
  const settings = [
    // Longer addresses go before shorter ones, so a person's own `insteadOf` for less than a host does not win.
    ...origins.flatMap((origin) => rewrites(proxyUrl, origin)),
    [`http.${proxyUrl}/.extraHeader`, `Authorization: ${authorization}`],
    // A proxy for the world outside would be asked for an address that is its own.
    [`http.${proxyUrl}/.proxy`, ''],
  ] as const;
  return {
    GIT_CONFIG_COUNT: String(settings.length),
    ...Object.fromEntries(
      settings.flatMap(([key, value], at) => [
        [`GIT_CONFIG_KEY_${at}`, key],
        [`GIT_CONFIG_VALUE_${at}`, value],
      ]),
    ),
  };
}

function rewrites(proxyUrl: string, origin: string): readonly (readonly [string, string])[] {
  const { host, hostname } = new URL(origin);
  const written = [`${new URL(origin).origin}/`, `git@${hostname}:`, `ssh://git@${hostname}/`];
  return written.map((address) => [`url.${proxyUrl}/${host}/.insteadOf`, address]);
}
