import { useQuery } from '@tanstack/react-query';
import { api, hasAccounts } from './client';

/** How the system is set, and who looks. */
export const useSettings = () =>
  useQuery({ queryKey: ['settings'], queryFn: api.getSettings, staleTime: 60_000 });

/** Repositories of the forge, where there is one. */
export function useForgeRepositories() {
  const { data: settings } = useSettings();
  return useQuery({
    queryKey: ['forge'],
    queryFn: api.listForgeRepositories,
    enabled: settings?.hasForge === true,
    refetchInterval: 10_000,
  });
}

/** Whether several people use this, each with an account; undefined until it is known. */
export const useHasAccounts = () =>
  useQuery({ queryKey: ['accounts'], queryFn: hasAccounts, staleTime: Infinity }).data;
