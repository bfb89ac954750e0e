import type { Variables } from '@swe/config/variables';

/** https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/user-data.html: before it is encoded. */
const MAX_BYTES = 16 * 1024;

const END = 'END-OF-FILE';

/**
 * What a machine runs as root at its first start: it writes what the daemon is told, and hands over to the boot script.
 * Whoever may describe the instance sees it, so no variable is a secret.
 */
export function bootCommands(variables: Variables, bootScript: string): string {
  const lines = Object.entries(variables).map(([name, value]) => `${name}=${quoted(name, value)}`);
  const script = [
    '#!/bin/sh',
    'set -eu',
    'install -d -m 0755 /etc/swe-agent',
    ...file('/etc/swe-agent/environment', lines.join('\n')),
    ...file('/usr/local/sbin/swe-boot', bootScript.trimEnd()),
    'chmod 0700 /usr/local/sbin/swe-boot',
    // What fetches the rest may be missing in an image.
    'command -v curl >/dev/null || { apt-get -qq update && apt-get -qq install -y curl ca-certificates; }',
    'exec /usr/local/sbin/swe-boot',
    '',
  ].join('\n');
  if (Buffer.byteLength(script) > MAX_BYTES) throw new Error('EC2 takes 16 KB of user data');
  return script;
}

/** The same for a shell and for systemd, which both read it: https://www.freedesktop.org/software/systemd/man/latest/systemd.exec.html */
function quoted(name: string, value: string): string {
  if (/['\n\\]/.test(value)) throw new Error(`${name} must have no quotes, backslashes and line feeds`);
  return `'${value}'`;
}

/** The lines of a script that write a file. */
export function file(path: string, content: string): readonly string[] {
  if (content.split('\n').includes(END)) throw new Error(`${path} has the line that ends it`);
  return [`cat >${path} <<'${END}'`, content, END];
}
