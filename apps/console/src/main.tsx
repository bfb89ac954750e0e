import { QueryClient, QueryClientProvider } from '@tanstack/react-query';
import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import { ApiProblem } from './api/client';
import { App } from './app';
import './styles';

/** What is refused for what it asks for is refused again. */
const isWorthAnother = (failures: number, error: Error): boolean =>
  !(error instanceof ApiProblem && error.status < 500 && error.status !== 429) && failures < 30;

const client = new QueryClient({
  defaultOptions: {
    // The twin is on the browser's own machine: it is there without a network.
    queries: {
      networkMode: 'always',
      retry: isWorthAnother,
      retryDelay: (failures) => Math.min(500 * 2 ** failures, 5_000),
    },
    mutations: { networkMode: 'always' },
  },
});

const root = document.getElementById('root');
if (root === null) throw new Error('the page has no element for its content');
createRoot(root).render(
  <StrictMode>
    <QueryClientProvider client={client}>
      <App />
    </QueryClientProvider>
  </StrictMode>,
);
