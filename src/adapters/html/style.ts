import { archiveStyle } from './archive-style.ts';

/** The one style sheet of all pages: light and dark, phone and wide, no script, no font to fetch. */
export const styleSheet = `
:root {
  color-scheme: light dark;
  --paper: light-dark(#fbfaf7, #14171c);
  --sheet: light-dark(#ffffff, #1b1f26);
  --ink: light-dark(#1c2128, #e4e6ea);
  --faint: light-dark(#59616d, #a3abb8);
  --line: light-dark(#dcd9d1, #333a45);
  --control: light-dark(#85806f, #6d7683);
  --accent: light-dark(#0b5c6b, #6cc7d6);
  --good: light-dark(#17683a, #7fd6a1);
  --bad: light-dark(#a32020, #ff9c93);
  --mark: light-dark(#ffe9a8, #5a4508);
  --mark-ink: light-dark(#4d3a00, #ffe9a8);
  --mono: ui-monospace, "SFMono-Regular", "DejaVu Sans Mono", Menlo, Consolas, monospace;
}
* { box-sizing: border-box; }
body {
  margin: 0; background: var(--paper); color: var(--ink);
  font: 1rem/1.6 system-ui, "Segoe UI", "Noto Sans", "DejaVu Sans", sans-serif;
  -webkit-text-size-adjust: 100%;
}
a { color: var(--accent); text-underline-offset: 0.15em; }
a:hover { text-decoration-thickness: 2px; }
:focus-visible { outline: 3px solid var(--accent); outline-offset: 2px; border-radius: 2px; }
.skip { position: absolute; left: -999rem; }
.skip:focus { left: 1rem; top: 0.5rem; background: var(--sheet); padding: 0.5rem 1rem; z-index: 1; }
header.site, main, footer.site { max-width: 68rem; margin-inline: auto; padding-inline: clamp(1rem, 4vw, 2rem); }
header.site {
  display: flex; flex-wrap: wrap; gap: 0.25rem 1.5rem; align-items: center; padding-block: 0.8rem;
  border-bottom: 1px solid var(--line);
}
header.site .name { font-weight: 650; color: inherit; text-decoration: none; letter-spacing: -0.01em; }
header.site nav { display: flex; flex-wrap: wrap; gap: 0.25rem 1.25rem; }
header.site nav a { text-decoration: none; }
header.site nav a[aria-current] { color: inherit; border-bottom: 2px solid var(--accent); }
.demo-mark { background: var(--mark); color: var(--mark-ink); text-align: center; padding: 0.4rem 1rem; font-size: 0.925rem; }
main { padding-block: 1.5rem 3rem; }
footer.site { border-top: 1px solid var(--line); padding-block: 1rem 2rem; color: var(--faint); font-size: 0.875rem; }
h1 { font-size: clamp(1.45rem, 1.1rem + 1.6vw, 2rem); line-height: 1.2; letter-spacing: -0.015em; margin: 0.4rem 0 0.8rem; overflow-wrap: anywhere; }
h2 { font-size: 1.2rem; line-height: 1.3; margin: 2.2rem 0 0.6rem; }
p, ul, ol, dl { max-width: 44rem; }
.lead { font-size: 1.1rem; color: var(--faint); margin-top: 0; }
.faint { color: var(--faint); }
#keys summary { width: fit-content; }
#keys p { margin: 0.3rem 0; }
#keys button { background: none; color: inherit; border-color: var(--control); font-weight: 400; min-height: 2rem; padding-block: 0; }
kbd { font-family: var(--mono); font-size: 0.9em; border: 1px solid var(--control); border-radius: 4px; padding: 0 0.35em; }
code, pre, .mono { font-family: var(--mono); font-size: 0.9em; }
code { overflow-wrap: anywhere; }
pre {
  background: var(--sheet); border: 1px solid var(--line); border-radius: 6px; padding: 0.9rem 1rem; margin: 0.6rem 0;
  overflow-x: auto; line-height: 1.5; max-width: 100%;
}
pre.text { white-space: pre-wrap; overflow-wrap: anywhere; }
.cards { display: grid; gap: 1rem; grid-template-columns: repeat(auto-fill, minmax(min(100%, 20rem), 1fr)); padding: 0; list-style: none; max-width: none; }
.card { background: var(--sheet); border: 1px solid var(--line); border-radius: 8px; padding: 1rem 1.15rem; }
.card h2, .card h3 { margin: 0 0 0.25rem; font-size: 1.1rem; }
.card p { margin: 0.35rem 0; }
table { border-collapse: collapse; width: 100%; background: var(--sheet); border: 1px solid var(--line); border-radius: 8px; }
th, td { text-align: left; padding: 0.55rem 0.8rem; border-top: 1px solid var(--line); vertical-align: top; overflow-wrap: anywhere; }
thead th { border-top: 0; font-size: 0.8rem; font-weight: 600; color: var(--faint); white-space: nowrap; }
td.number, th.number { text-align: right; font-variant-numeric: tabular-nums; }
td.when { white-space: nowrap; font-variant-numeric: tabular-nums; color: var(--faint); }
tr.new td { font-weight: 600; }
dl.facts { display: grid; grid-template-columns: max-content 1fr; gap: 0.2rem 1.2rem; margin: 0.8rem 0; max-width: 100%; }
dl.facts dt { color: var(--faint); }
dl.facts dd { margin: 0; overflow-wrap: anywhere; }
.badge { display: inline-block; border: 1px solid currentColor; border-radius: 99px; padding: 0 0.6em; font-size: 0.8rem; white-space: nowrap; }
.good { color: var(--good); }
.bad { color: var(--bad); }
details > summary { cursor: pointer; padding: 0.35rem 0; }
.search { display: flex; flex: 0 1 22rem; gap: 0.4rem; align-items: center; margin-left: auto; }
.search label { position: absolute; left: -999rem; }
.search input { flex: 1 1 8rem; min-width: 0; }
.search input::placeholder { color: var(--faint); opacity: 1; }
.search input, .search button { min-height: 2.25rem; padding-block: 0.2rem; }
input, button {
  font: inherit; color: inherit; background: var(--sheet); border: 1px solid var(--control); border-radius: 6px;
  padding: 0.45rem 0.75rem; min-height: 2.75rem;
}
button { background: var(--accent); border-color: var(--accent); color: var(--paper); font-weight: 600; cursor: pointer; }
@media (max-width: 40rem) {
  table.stack thead { position: absolute; left: -999rem; }
  table.stack tr { display: block; border-top: 1px solid var(--line); padding: 0.5rem 0; }
  table.stack tbody tr:first-child { border-top: 0; }
  table.stack td { display: block; border: 0; padding: 0.1rem 0.9rem; text-align: left; }
  table.stack td[data-label]::before { content: attr(data-label) ": "; color: var(--faint); font-weight: 400; }
  dl.facts { grid-template-columns: 1fr; gap: 0; }
  dl.facts dd { margin-bottom: 0.5rem; }
}
@media (max-width: 40rem) { .search { flex: 1 1 100%; } .search input, .search button { min-height: 2.75rem; } }
${archiveStyle}
@media print {
  :root { color-scheme: light; }
  .skip, header.site nav, .search, footer.site { display: none; }
  body { background: #fff; color: #000; }
}
`.trimStart();
