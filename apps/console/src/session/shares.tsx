export interface Share {
  readonly name: string;
  readonly value: number;
  readonly colour: 'indigo' | 'green' | 'amber' | 'gray';
}

export interface SharesProps {
  readonly label: string;
  readonly shares: readonly Share[];
  readonly show: (value: number) => string;
}

/** Parts of a whole: a bar of them, and what each is. */
export function Shares({ label, shares, show }: SharesProps) {
  const total = shares.reduce((sum, { value }) => sum + value, 0);
  return (
    <div className="shares">
      <div className="bar" aria-hidden="true">
        {shares.map(({ name, value, colour }) =>
          value > 0 ? (
            <span key={name} className={`fill ${colour}`} style={{ width: `${(value * 100) / total}%` }} />
          ) : null,
        )}
      </div>
      <ul aria-label={label}>
        {shares.map(({ name, value, colour }) => (
          <li key={name}>
            <span className={`dot ${colour}`} aria-hidden="true" />
            <span className="name">{name}</span>
            <span className="tabular">{show(value)}</span>
          </li>
        ))}
      </ul>
    </div>
  );
}
