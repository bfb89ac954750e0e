import { useCallback, useEffect, useRef } from 'react';

/** What acts once for however many calls within so long, at its end. */
export function useThrottled(act: () => void, everyMs: number): () => void {
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined);
  useEffect(
    () => () => {
      clearTimeout(timer.current);
      timer.current = undefined;
    },
    [],
  );
  return useCallback(() => {
    timer.current ??= setTimeout(() => {
      timer.current = undefined;
      act();
    }, everyMs);
  }, [act, everyMs]);
}
