import type { PlantedProject } from './plants';
import type { Finding } from './scratch-workspace';

/** Which plants lint judged otherwise than planned: a breach unreported or reported for another reason, a clean file reported. */
export function judge(
  projects: readonly PlantedProject[],
  findings: ReadonlyMap<string, readonly Finding[]>,
): string[] {
  return projects.flatMap(({ root, plants }) =>
    plants.flatMap(({ path, breaks }) => {
      const file = `${root}/${path}`;
      const found = findings.get(file);
      if (!found) return [`${file}: not linted`];
      const unexpected = found.filter(({ rule }) => rule !== breaks?.rule);
      if (unexpected.length > 0) {
        return unexpected.map(({ rule, message }) => `${file}: unexpected ${rule}: ${message}`);
      }
      if (breaks && !found.some(({ message }) => breaks.says?.test(message) ?? true)) {
        return [`${file}: ${breaks.rule} did not bite${breaks.says ? ` with ${breaks.says}` : ''}`];
      }
      return [];
    }),
  );
}
