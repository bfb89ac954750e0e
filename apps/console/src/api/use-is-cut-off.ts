import { useQueryClient } from '@tanstack/react-query';
import { useSyncExternalStore } from 'react';
import { ApiProblem } from './client';

/** Whether the server does not answer: something is asked for again that nobody refused. */
export function useIsCutOff(): boolean {
  const cache = useQueryClient().getQueryCache();
  return useSyncExternalStore(
    (onChange) => cache.subscribe(onChange),
    () =>
      cache.getAll().some(({ state: { fetchStatus, fetchFailureReason: reason } }) => {
        return fetchStatus !== 'idle' && reason !== null && !(reason instanceof ApiProblem);
      }),
  );
}
