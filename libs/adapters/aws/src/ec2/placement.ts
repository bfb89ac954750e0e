export interface PlacementOptions {
  /** The best first. All of them must fit the launch template's image. */
  readonly instanceTypes: readonly string[];
  readonly subnetIds: readonly string[];
  /** Spot instances first, then others. They cost less, and lose their disk whenever they are stopped. */
  readonly spot?: boolean;
  /** How many places one `ensure` tries; about two seconds each. */
  readonly maxTries?: number;
}

/** What to ask EC2 for: a kind of machine, and where. */
export interface Placement {
  readonly instanceType: string;
  readonly subnetId: string;
  readonly spot: boolean;
}

const MAX_TRIES = 12;

/** In the order in which they are tried. At least half of the tries are left to instances that are not spot. */
export function placementsOf(options: PlacementOptions): readonly Placement[] {
  const { instanceTypes, subnetIds, spot = false, maxTries = MAX_TRIES } = options;
  const places = instanceTypes.flatMap((instanceType) =>
    subnetIds.map((subnetId) => ({ instanceType, subnetId })),
  );
  const cheap = spot ? places.slice(0, Math.floor(maxTries / 2)) : [];
  return [
    ...cheap.map((place) => ({ ...place, spot: true })),
    ...places.slice(0, maxTries - cheap.length).map((place) => ({ ...place, spot: false })),
  ];
}

export function nameOf({ instanceType, subnetId, spot }: Placement): string {
  return `${instanceType} in ${subnetId}${spot ? ' (spot)' : ''}`;
}
