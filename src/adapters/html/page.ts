/**
 * The frame of every page we serve: title, skip link, navigation, main, footer. Works without a script; everything put
 * into it by `html` is escaped.
 */
import { html, type Markup } from './markup.ts';

export type Page = Readonly<{
  title: string;
  /** Name of the site, in the head of the page and after the title. */
  site: string;
  navigation: readonly Readonly<{ href: string; text: string; current: boolean }>[];
  /** Stands above everything on pages of a demo. */
  demo?: string;
  main: Markup;
  footer: Markup;
}>;

export function renderPage(page: Page): Markup {
  return html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${page.title === page.site ? page.title : `${page.title} · ${page.site}`}</title>
<link rel="stylesheet" href="/style.css">
<link rel="icon" href="/icon.svg" type="image/svg+xml">
</head>
<body>
<a class="skip" href="#main">Skip to the content</a>
${page.demo === undefined ? '' : html`<div class="demo-mark" role="note">${page.demo}</div>`}
<header class="site">
<a class="name" href="/">${page.site}</a>
<nav aria-label="Pages">${page.navigation.map(
    ({
      href,
      text,
      current,
    }) => html`<a href="${href}"${current ? html` aria-current="page"` : ''}>${text}</a>
`,
  )}</nav>
</header>
<main id="main">
${page.main}
</main>
<footer class="site">${page.footer}</footer>
</body>
</html>
`;
}
