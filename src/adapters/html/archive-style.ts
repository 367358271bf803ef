/** Of the style sheet, what lists of postings, postings and threads need. */
export const archiveStyle = `
.trail { font-size: 0.875rem; color: var(--faint); font-variant-numeric: tabular-nums; }
.trail a { display: inline-block; padding: 0.15rem 0.2rem; } .trail a:first-child { padding-left: 0; }
.trail a[aria-current] { color: inherit; text-decoration: none; }
.lines { list-style: none; padding: 0; margin: 0.6rem 0 1rem; max-width: none; font-size: 0.9375rem; line-height: 1.45; }
.lines li {
  display: grid; grid-template-columns: minmax(0, 1fr) 11rem 3.25rem 8.75rem; gap: 0 1rem; align-items: baseline;
  padding: 0.3rem 0; border-top: 1px solid var(--line);
}
.lines li > a { font-weight: 550; text-decoration: none; overflow-wrap: anywhere; }
.lines li > a:hover { text-decoration: underline; }
.lines li > a:visited { font-weight: 400; }
.lines .by { overflow: hidden; text-overflow: ellipsis; white-space: nowrap; }
.lines .count, .lines time { text-align: right; }
.lines .count, .lines time { color: var(--faint); font-variant-numeric: tabular-nums; white-space: nowrap; font-size: 0.875rem; }
.lines .word { position: absolute; left: -999rem; }
/* Names and subjects in scripts that run from right to left stay in their place. */
h1, .lines li > a, .lines .by, .posting .subject { unicode-bidi: plaintext; text-align: left; }
.by, bdi { unicode-bidi: isolate; }
.byline { color: var(--faint); font-size: 0.925rem; max-width: none; margin: 0 0 1rem; }
.months { max-width: none; display: grid; grid-template-columns: max-content 1fr; gap: 0.25rem 1rem; align-items: baseline; }
.months dt { font-weight: 600; }
.months dd { margin: 0; display: grid; grid-template-columns: repeat(12, minmax(3rem, 1fr)); gap: 0.25rem; }
.months dd a {
  border: 1px solid var(--line); border-radius: 4px; padding: 0.1rem 0.4rem; text-decoration: none; background: var(--sheet);
  font-size: 0.875rem; font-variant-numeric: tabular-nums; display: flex; justify-content: space-between; gap: 0.4rem;
}
.months dd a:hover { border-color: var(--accent); }
.months b { font-weight: 400; color: var(--faint); }
.m01 { grid-column: 1; } .m02 { grid-column: 2; } .m03 { grid-column: 3; } .m04 { grid-column: 4; } .m05 { grid-column: 5; }
.m06 { grid-column: 6; } .m07 { grid-column: 7; } .m08 { grid-column: 8; } .m09 { grid-column: 9; } .m10 { grid-column: 10; }
.m11 { grid-column: 11; } .m12 { grid-column: 12; }
.posting { margin-bottom: 2rem; scroll-margin-top: 1rem; }
.posting > .facts { font-size: 0.925rem; margin: 0 0 0.6rem; line-height: 1.5; }
.ways, .steps { display: flex; flex-wrap: wrap; gap: 0.25rem 1.25rem; }
.ways { margin: 0 0 1.2rem; padding: 0.35rem 0; border-block: 1px solid var(--line); font-size: 0.925rem; }
.ways a, .steps a { min-height: 1.5rem; }
.ways span { color: var(--faint); }
.steps { margin: 1.5rem 0; justify-content: space-between; max-width: 60rem; }
.steps span { color: var(--faint); font-variant-numeric: tabular-nums; }
.posting pre { font-size: 0.875rem; tab-size: 8; }
.posting pre.text { background: none; border: 0; border-radius: 0; padding: 0; max-width: 52rem; unicode-bidi: plaintext; }
.posting pre.quote { color: var(--faint); border-left: 3px solid var(--line); padding-left: 0.8rem; }
.posting pre.signature { color: var(--faint); }
article.posting > h2 { font-size: 1rem; margin: 0; }
article.posting > h2 a { text-decoration: none; }
.posting > .subject { font-weight: 600; margin: 0; overflow-wrap: anywhere; }
.ways ~ article.posting { border-top: 1px solid var(--line); padding-top: 0.8rem; margin-bottom: 1.2rem; }
.ways + article.posting { border-top: 0; padding-top: 0; }
.posting .rest { font-size: 0.925rem; border-top: 1px dashed var(--line); padding-top: 0.5rem; }
.fold > summary { color: var(--faint); font-size: 0.875rem; }
.patch .add { color: var(--good); }
.patch .del { color: var(--bad); }
.patch .hunk { color: var(--accent); }
.patch .head { font-weight: 650; }
h2.part { font-size: 0.95rem; font-family: var(--mono); font-weight: 600; margin: 1.2rem 0 0.3rem; overflow-wrap: anywhere; }
.files { font-size: 0.925rem; overflow-wrap: anywhere; }
.outline { border-top: 1px solid var(--line); margin-top: 2rem; }
.outline h2 { margin-top: 1rem; }
.tree { list-style: none; padding: 0; max-width: none; font-size: 0.925rem; line-height: 1.45; }
.tree li { padding: 0.15rem 0; overflow-wrap: anywhere; }
.tree a { display: inline-block; min-height: 1.5rem; }
.tree a[aria-current] { color: inherit; font-weight: 650; text-decoration: none; }
.d1 { margin-left: 1rem; } .d2 { margin-left: 2rem; } .d3 { margin-left: 3rem; } .d4 { margin-left: 4rem; }
.d5 { margin-left: 5rem; } .d6 { margin-left: 6rem; } .d7 { margin-left: 7rem; } .d8 { margin-left: 8rem; }
@media (max-width: 40rem) {
  .lines li { display: flex; flex-wrap: wrap; gap: 0 0.75rem; padding: 0.45rem 0; }
  .lines li > a { flex-basis: 100%; }
  .lines .by { max-width: 60%; }
  .lines .by, .lines .count, .lines time { font-size: 0.8125rem; }
  .lines .word { position: static; }
  .months { grid-template-columns: 1fr; }
  .months dd { grid-template-columns: repeat(4, 1fr); margin-bottom: 0.75rem; }
  .months dd a { grid-column: auto; padding: 0.3rem 0.5rem; }
  .posting > .facts { grid-template-columns: max-content 1fr; gap: 0 0.75rem; }
  .posting > .facts dd { margin: 0; }
  .posting pre.text { font-size: 0.8125rem; }
  /* Prose that was wrapped at 72 columns is wrapped for the phone instead: these hold its line breaks. */
  .posting pre.text i { white-space: normal; }
  .posting pre.patch { font-size: 0.75rem; padding: 0.6rem; margin-inline: -0.6rem; }
  .d1, .d2, .d3, .d4, .d5, .d6, .d7, .d8 { margin-left: 0.6rem; }
  .d3, .d4, .d5 { margin-left: 1rem; } .d6, .d7, .d8 { margin-left: 1.4rem; }
}
@media print {
  .trail, .ways, .steps, .outline { display: none; }
  .posting pre, .posting pre.text { font-size: 9pt; white-space: pre-wrap; border: 0; padding: 0; color: #000; }
}
`;
