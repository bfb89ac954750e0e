import { describe, expect, it } from '@jest/globals';
import { toMarkdown } from './to-markdown';
import { toPlainHtml } from './plain-html';

const PAGE = new URL('https://example.test/docs/page?q#here');
const markdownOf = (html: string): string => toMarkdown(html, PAGE).markdown;

describe('HTML as Markdown', () => {
  it.each([
    ['headings', '<h1>One</h1><h3>Three</h3>', '# One\n\n### Three'],
    ['paragraphs without ends', '<p>one<p>two', 'one\n\ntwo'],
    ['emphasis', 'a <b>bold</b> <em>word</em>', 'a **bold** _word_'],
    ['lists', '<ul><li>a<li>b<ul><li>c</ul></ul>', '-   a\n-   b\n    -   c'],
    ['code', '<pre><code class="language-ts">a &lt; b\n  c</code></pre>', '```ts\na < b\n  c\n```'],
    ['tables', '<table><tr><th>a<th>b<tr><td>1<td><p>2</p></table>', '| a | b |\n| 1 | 2 |'],
    ['code of one block per line', '<pre><code><div>a</div><div>b</div></code></pre>', '```\n\na\nb\n```'],
    ['entities', '&lt;b&gt; &amp; &eacute;', '<b> & é'],
    ['a bare angle bracket', 'a < b > c <3', 'a < b > c <3'],
    ['relative links', '<a href="../x?a=1&amp;b=2">x</a>', '[x](https://example.test/x?a=1&b=2)'],
    ['links with brackets', '<a href="/x_(y)">x</a>', '[x](https://example.test/x_%28y%29)'],
    ['links over lines', '<a href="/x"><div>a</div><div>b</div></a>', '[a b](https://example.test/x)'],
    ['links within the page', '<a href="#there">x</a>', 'x'],
    ['links that are programs', '<a href="javascript:alert(1)">x</a> <a href="data:,y">y</a>', 'x y'],
    ['pictures', '<img src=/p.png alt="A [picture]">', '![A \\[picture\\]](https://example.test/p.png)'],
    ['pictures in the page itself', '<img src="data:image/png;base64,AAAA" alt=words>', 'words'],
    ['a base address', '<base href="/b/"><a href=x>x</a>', '[x](https://example.test/b/x)'],
    ['unknown elements', '<custom-tag onclick="x">a</custom-tag><font>b</font>', 'ab'],
  ])('shows %s', (_name, html, expected) => {
    expect(markdownOf(html)).toBe(expected);
  });

  it.each([
    '<script>hidden</script>',
    '<SCRIPT type="x">hidden</SCRIPT >',
    '<script>"<p>hidden</p>"</script>',
    '<style>hidden</style>',
    '<noscript>hidden</noscript>',
    '<svg><text>hidden</text></svg>',
    '<iframe srcdoc="hidden">hidden</iframe>',
    '<!-- hidden -->',
    '<!-- <p>hidden</p> -->',
    '<!doctype hidden>',
    '<?xml hidden?>',
    '<template>hidden</template>',
    '<p title="hidden>hidden" data-x=\'<b>hidden\'></p>',
  ])('leaves out %s', (html) => {
    expect(markdownOf(`<p>a</p>${html}<p>b</p>`)).toBe('a\n\nb');
  });

  it.each(['<script>hidden', '<!-- hidden', '<p title="hidden', '<svg><p>hidden</p>'])(
    'leaves out %s, also when it never ends',
    (html) => {
      expect(markdownOf(`<p>a</p>${html}`)).toBe('a');
    },
  );

  it.each([
    ['its title', '<title> A &amp;\n <b> </title><body>x', 'A & <b>'],
    ['the first of several', '<title>a</title><title>b</title>', 'a'],
    ['none of a drawing', '<svg><title>a</title></svg>', ''],
    ['none', 'x', ''],
  ])('tells %s', (_name, html, title) => {
    expect(toMarkdown(html, PAGE).title).toBe(title);
  });
});

describe('plain HTML', () => {
  it.each([
    ['closes what is open', '<ul><li>a', '<ul><li>a</li></ul>'],
    [
      'sets blocks apart, whatever their depth',
      '<p>a<div><div>b</div></div>',
      '<p>a</p><div></div>b<div></div>',
    ],
    ['nests properly', '<b><i>a</b>b</i>', '<b><i>a</i></b>b'],
    ['ignores ends of nothing', 'a</b></p>b', 'ab'],
    ['keeps few attributes, quoted', "<a href='\"x' onclick=y href>z</a>", '<a href="&quot;x">z</a>'],
    ['takes upper case', '<A HREF=x>y</A>', '<a href="x">y</a>'],
    ['survives odd tags', '<a/href=x/><b =y>z<br/>', '<a href="x/"><b>z<br></b></a>'],
    ['survives a lone bracket at the end', 'a<', 'a&lt;'],
    ['survives nothing', '', ''],
  ])('%s', (_name, html, expected) => {
    expect(toPlainHtml(html)).toBe(expected);
  });

  it('is at most 32 deep, with the text of what is deeper', () => {
    const html = toPlainHtml(`${'<b>'.repeat(100_000)}words`);
    expect(html.replaceAll(' ', '')).toBe(`${'<b>'.repeat(32)}words${'</b>'.repeat(32)}`);
  });

  it('has at most 10,000 elements, with the text of later ones', () => {
    const html = toPlainHtml('<b>x</b>'.repeat(30_000));
    expect(html.match(/<b>/g)).toHaveLength(10_000);
    expect(html.match(/x/g)).toHaveLength(30_000);
  });

  /** Pages that take a parser or a careless pattern minutes. */
  it.each([
    '<div>',
    '<b x>',
    '<p><b>',
    '<a "',
    "<a x='",
    '<a x="',
    '<!--',
    '<script>',
    '</',
    '<',
    '<p a=',
    '<blockquote>',
    '<ul><li>',
    '<table><tr>',
    ' \n',
  ])('of a page full of %j is readable', (piece) => {
    const html = piece.repeat(Math.ceil(200_000 / piece.length));
    expect(typeof markdownOf(html)).toBe('string');
  });
});
