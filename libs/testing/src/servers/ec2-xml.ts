/** A value of an answer: lists become `<item>`s, what is undefined is left out. */
export type XmlValue =
  string | number | boolean | undefined | readonly XmlValue[] | { readonly [name: string]: XmlValue };

const EC2 = 'http://ec2.amazonaws.com/doc/2016-11-15/';

/** An answer of EC2: https://docs.aws.amazon.com/AWSEC2/latest/APIReference/Query-Requests.html */
export function toXml(root: string, value: XmlValue, namespace = EC2): string {
  const xmlns = root === 'Response' ? '' : ` xmlns="${namespace}"`;
  return `<?xml version="1.0" encoding="UTF-8"?>\n<${root}${xmlns}>${content(value)}</${root}>`;
}

function content(value: XmlValue): string {
  if (value === undefined) return '';
  if (typeof value !== 'object') return escaped(String(value));
  if (isList(value)) return value.map((item) => `<item>${content(item)}</item>`).join('');
  return Object.entries(value)
    .map(([name, part]) => (part === undefined ? '' : `<${name}>${content(part)}</${name}>`))
    .join('');
}

function isList(value: XmlValue): value is readonly XmlValue[] {
  return Array.isArray(value);
}

function escaped(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
}
