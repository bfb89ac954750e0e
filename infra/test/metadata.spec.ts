import { readdirSync, readFileSync } from 'node:fs';
import { expect, it } from '@jest/globals';

const WORKER = new URL('../worker/', import.meta.url);
const read = (name: string): string => readFileSync(new URL(name, WORKER), 'utf8');

/** Those who run what a model, or somebody else's program, says. The daemon alone needs the role of its instance. */
const hosts = readdirSync(WORKER)
  .filter((name) => /-host\.service$/.test(name))
  .toSorted();
const userOf = (unit: string): string => /^User=(\S+)$/m.exec(read(unit))?.[1] ?? '';

it('the metadata service of a worker’s instance is closed to every user but the daemon’s', () => {
  const rules = read('metadata.nft').match(/^ *meta skuid .*$/gm) ?? [];
  expect(rules.map((rule) => /skuid \{ (.*) \} (.*)$/.exec(rule)?.slice(1))).toEqual(
    ['ip daddr 169.254.169.254 reject', 'ip6 daddr fd00:ec2::254 reject'].map((refusal) => [
      hosts.map((unit) => `"${userOf(unit)}"`).join(', '),
      refusal,
    ]),
  );
  expect(userOf('swe-agent.service')).toBe('swe-agent');
  expect(hosts.map(userOf)).toEqual(['swe-shell', 'swe-tools']);
});

it.each(hosts)('it is closed before anything runs in %s, and by a second means', (unit) => {
  const lines = read(unit).split('\n');
  // As root, and a failure keeps the service from starting: https://www.freedesktop.org/software/systemd/man/latest/systemd.service.html#ExecStartPre=
  expect(lines).toContain('ExecStartPre=+/usr/sbin/nft -f /opt/swe-agent/metadata.nft');
  expect(lines).toContain('IPAddressDeny=169.254.169.254 fd00:ec2::254');
});
