/**
 * What a channel may be called: 1 to 5 segments of 1 to 50 letters, digits and dashes, none at either end; the first is
 * the namespace. Whoever subscribes may end with `/*`.
 * https://docs.aws.amazon.com/appsync/latest/eventapi/channel-namespaces.html
 */
const SEGMENT = '[A-Za-z0-9](?:[A-Za-z0-9-]{0,48}[A-Za-z0-9])?';
const CHANNEL = new RegExp(`^/?${SEGMENT}(?:/${SEGMENT}){0,4}/?$`);

/** The channel with its slash in front; undefined when it is none. */
export function toChannel(text: string): string | undefined {
  return CHANNEL.test(text) ? `/${text.replaceAll(/^\/|\/$/g, '')}` : undefined;
}

/** As `toChannel`, for a subscription. */
export function toSubscription(text: string): string | undefined {
  const wide = text.endsWith('/*');
  const channel = toChannel(wide ? text.slice(0, -2) : text);
  return channel !== undefined && wide ? `${channel}/*` : channel;
}

export function hears(subscription: string, channel: string): boolean {
  return subscription.endsWith('/*')
    ? channel.startsWith(subscription.slice(0, -1))
    : subscription === channel;
}
