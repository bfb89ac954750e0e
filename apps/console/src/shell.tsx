import { BookMarked, CircleDollarSign, List, Monitor, Moon, Plus, Settings, Sun } from 'lucide-react';
import type { LucideIcon } from 'lucide-react';
import type { ReactNode } from 'react';
import { Link, useRoute } from 'wouter';
import { useIsCutOff } from './api/use-is-cut-off';
import { useSettings } from './api/use-settings';
import { choose, useChoice } from './parts/appearance';
import type { Choice } from './parts/appearance';
import { texts } from './texts';

const { nav, theme } = texts;

/** What is around every page: the ways to the others. */
export function Shell({ children }: { readonly children: ReactNode }) {
  const { data: settings } = useSettings();
  const isCutOff = useIsCutOff();
  return (
    <div className="shell">
      <a href="#content" className="skip">
        {texts.skip}
      </a>
      <nav className="nav" aria-label={nav.label}>
        <Link href="/" className="brand" aria-label={texts.product}>
          <img src="/icon.svg" width={24} height={24} alt="" />
          <span>{texts.product}</span>
        </Link>
        <NavLink href="/new" icon={Plus} label={nav.start} short={nav.startShort} />
        <NavLink href="/" below="/sessions/*" icon={List} label={nav.sessions} />
        {settings?.hasForge && (
          <NavLink
            href="/repositories"
            below="/repositories/*"
            icon={BookMarked}
            label={nav.repositories}
            short={nav.repositoriesShort}
          />
        )}
        <NavLink href="/costs" icon={CircleDollarSign} label={nav.costs} />
        <NavLink href="/settings" icon={Settings} label={nav.settings} />
        <AppearanceButton />
      </nav>
      <main id="content" tabIndex={-1}>
        <div role="status">{isCutOff && <p className="cut-off">{texts.offline}</p>}</div>
        {children}
      </main>
    </div>
  );
}

interface NavLinkProps {
  readonly href: string;
  /** The pages that are found from there. */
  readonly below?: string;
  readonly icon: LucideIcon;
  readonly label: string;
  /** On a phone. */
  readonly short?: string;
}

function NavLink({ href, below = href, icon: Icon, label, short = label }: NavLinkProps) {
  const [isHere] = useRoute(href);
  const [isBelow] = useRoute(below);
  return (
    <Link href={href} className="nav-link" aria-current={isHere ? 'page' : isBelow ? 'true' : undefined}>
      <Icon size={17} aria-hidden="true" />
      <span className="wide-only">{label}</span>
      <span className="narrow-only">{short}</span>
    </Link>
  );
}

const NEXT: Readonly<Record<Choice, Choice>> = { system: 'light', light: 'dark', dark: 'system' };
const ICONS: Readonly<Record<Choice, LucideIcon>> = { system: Monitor, light: Sun, dark: Moon };

function AppearanceButton() {
  const choice = useChoice();
  const Icon = ICONS[choice];
  return (
    <button
      type="button"
      className="nav-link appearance wide-only"
      aria-label={`${theme.label}: ${theme[choice]}`}
      onClick={() => choose(NEXT[choice])}
    >
      <Icon size={17} aria-hidden="true" />
      <span>{theme[choice]}</span>
    </button>
  );
}
