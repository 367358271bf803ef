/**
 * The frame of every page we serve: title, skip link, navigation, search, main, footer. Works without a script;
 * everything put into it by `html` is escaped. Why it looks as it does: docs/design/0010-pages.md.
 */
import { html, type Markup } from './markup.ts';

export type Page = Readonly<{
  title: string;
  /** Name of the site, in the head of the page and after the title. */
  site: string;
  navigation: readonly Readonly<{ href: string; text: string; current: boolean }>[];
  /** Stands above everything on pages of a demo. */
  demo?: string;
  /** The field in the head of the page: what it searches, and what is asked for now. */
  search?: Readonly<{ action: string; label: string; asked: string }>;
  /** Pages to read have keys (keys-script.ts). */
  keys?: boolean;
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
${page.keys ? html`<script src="/keys.js" defer></script>` : ''}</head>
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
${page.search ? searchForm(page.search) : ''}</header>
<main id="main">
${page.main}
</main>
<footer class="site">${page.footer}${page.keys ? keysHelp() : ''}</footer>
</body>
</html>
`;
}

function searchForm({ action, label, asked }: NonNullable<Page['search']>): Markup {
  return html`<form class="search" role="search" action="${action}" method="get">
<label for="q">${label}</label>
<input id="q" name="q" type="search" value="${asked}" placeholder="${label}" maxlength="500" autocomplete="off" spellcheck="false">
<button type="submit">Search</button>
</form>
`;
}

/** Hidden until the script is there: without it there are no such keys. */
function keysHelp(): Markup {
  return html`
<details id="keys" hidden><summary>Keys</summary>
<p><kbd>j</kbd> next, <kbd>k</kbd> previous: line, or posting · <kbd>Enter</kbd> open · <kbd>u</kbd> up ·
<kbd>/</kbd> search · <kbd>?</kbd> this</p>
</details>`;
}
