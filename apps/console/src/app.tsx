import { Theme } from '@radix-ui/themes';
import { useEffect } from 'react';
import { Route, Switch } from 'wouter';
import { ApiProblem } from './api/client';
import { useSettings } from './api/use-settings';
import { CostsPage } from './pages/costs-page';
import { NewSessionPage } from './pages/new-session-page';
import { NotFoundPage } from './pages/not-found-page';
import { PullRequestPage } from './pages/pull-request-page';
import { RepositoriesPage } from './pages/repositories-page';
import { RepositoryPage } from './pages/repository-page';
import { SessionPage } from './pages/session-page';
import { SessionsPage } from './pages/sessions-page';
import { SettingsPage } from './pages/settings-page';
import { SignInPage } from './pages/sign-in-page';
import { useAppearance } from './parts/appearance';
import { Shell } from './shell';

/** The console: its pages by their addresses, or the way in for whom it does not know. */
export function App() {
  const appearance = useAppearance();
  const { error } = useSettings();
  const isStranger = error instanceof ApiProblem && error.status === 401;
  useEffect(() => {
    document.documentElement.style.colorScheme = appearance;
  }, [appearance]);
  return (
    <Theme
      appearance={appearance}
      accentColor="indigo"
      grayColor="slate"
      radius="medium"
      panelBackground="solid"
      scaling="95%"
    >
      {isStranger ? (
        <main>
          <SignInPage />
        </main>
      ) : (
        <Shell>
          <Switch>
            <Route path="/" component={SessionsPage} />
            <Route path="/new" component={NewSessionPage} />
            <Route path="/sessions/:id">{({ id }) => <SessionPage key={id} id={id} />}</Route>
            <Route path="/repositories" component={RepositoriesPage} />
            <Route path="/repositories/:name">
              {({ name }) => <RepositoryPage name={decodeURIComponent(name)} />}
            </Route>
            <Route path="/repositories/:name/pulls/:number">
              {({ name, number }) => <PullRequestPage name={decodeURIComponent(name)} number={number} />}
            </Route>
            <Route path="/costs" component={CostsPage} />
            <Route path="/settings" component={SettingsPage} />
            <Route component={NotFoundPage} />
          </Switch>
        </Shell>
      )}
    </Theme>
  );
}
