import type { GithubAnswer, GithubCall } from './github-route';

const USUAL = 30;
const MOST = 100;

/** One page of a list, with links to the others: https://docs.github.com/en/rest/using-the-rest-api/using-pagination-in-the-rest-api */
export function page<T>(
  call: GithubCall,
  items: readonly T[],
  toObject: (item: T) => object,
  wrap: (objects: readonly object[], total: number) => object = (objects) => objects,
): GithubAnswer {
  const size = Math.min(MOST, positive(call.url.searchParams.get('per_page'), USUAL));
  const number = positive(call.url.searchParams.get('page'), 1);
  const last = Math.max(1, Math.ceil(items.length / size));
  const shown = items.slice((number - 1) * size, number * size).map(toObject);
  const targets: (readonly [string, number])[] = [];
  if (number > 1) targets.push(['prev', Math.min(number - 1, last)]);
  if (number < last) targets.push(['next', number + 1], ['last', last]);
  if (number > 1) targets.push(['first', 1]);
  const link = targets.map(([rel, target]) => `<${urlOf(call, target)}>; rel="${rel}"`).join(', ');
  return { status: 200, body: wrap(shown, items.length), ...(link !== '' && { headers: { link } }) };
}

/** GitHub names the repository by its id there, so links must be followed as they are. */
function urlOf({ url, params, world }: GithubCall, number: number): string {
  const target = new URL(url);
  const repository = world.findRepository(`${params['owner']}/${params['repo']}`);
  if (repository !== undefined) {
    target.pathname = target.pathname.replace(
      /\/repos\/[^/]+\/[^/]+/,
      () => `/repositories/${repository.id}`,
    );
  }
  target.searchParams.set('page', String(number));
  return target.href;
}

function positive(given: string | null, otherwise: number): number {
  const number = Number.parseInt(given ?? '', 10);
  return number > 0 ? number : otherwise;
}
