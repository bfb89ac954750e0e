import type { SettingsResource } from '@swe/domain/api';

export const isIssue = (where: string): boolean => /\/issues\/\d+$/.test(where);

/** Whether a repository has to be copied into the forge first: a folder, or a host that nothing here can speak to. */
export function needsBringing(
  where: string,
  settings: Pick<SettingsResource, 'hasForge' | 'connected'> | undefined,
): boolean {
  const given = where.trim();
  if (given === '' || isIssue(given) || given.startsWith('forge://')) return false;
  const isOfGithub = /^https?:\/\//.test(given) && settings?.connected?.github === true;
  return settings?.hasForge === true && !isOfGithub;
}
