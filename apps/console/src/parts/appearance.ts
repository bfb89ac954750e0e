import { useSyncExternalStore } from 'react';

export type Choice = 'light' | 'dark' | 'system';

const STORED = 'appearance';
const dark = matchMedia('(prefers-color-scheme: dark)');
const listeners = new Set<() => void>();

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  dark.addEventListener('change', listener);
  return () => {
    listeners.delete(listener);
    dark.removeEventListener('change', listener);
  };
}

function readChoice(): Choice {
  const stored = localStorage.getItem(STORED);
  return stored === 'light' || stored === 'dark' ? stored : 'system';
}

export function choose(choice: Choice): void {
  localStorage.setItem(STORED, choice);
  for (const listener of listeners) listener();
}

export const useChoice = (): Choice => useSyncExternalStore(subscribe, readChoice);

export function useAppearance(): 'light' | 'dark' {
  return useSyncExternalStore(subscribe, () => {
    const choice = readChoice();
    return choice === 'system' ? (dark.matches ? 'dark' : 'light') : choice;
  });
}
