import { expect } from '@jest/globals';
import type { Page, PageRequest } from '@swe/domain';

/** Everything that a paged list gives, two at a time. */
export async function allPages<T>(load: (page: PageRequest) => Promise<Page<T>>): Promise<T[]> {
  const items: T[] = [];
  let page = await load({ limit: 2 });
  items.push(...page.items);
  while (page.next !== undefined) {
    page = await load({ limit: 2, after: page.next });
    expect(page.items.length).toBeLessThanOrEqual(2);
    items.push(...page.items);
  }
  return items;
}
