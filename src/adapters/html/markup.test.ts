import assert from 'node:assert/strict';
import { test } from 'node:test';
import { html, raw } from './markup.ts';

test('text is escaped wherever it stands, our own markup never, and nothing else passes for it', () => {
  const text = `<b a="1" c='2'>&`;
  const escaped = '&lt;b a=&quot;1&quot; c=&#39;2&#39;&gt;&amp;';
  assert.equal(String(html`<p title="${text}">${text}</p>`), `<p title="${escaped}">${escaped}</p>`);
  assert.equal(
    String(html`<ul>${[html`<li>${text}</li>`, text]}</ul>`),
    `<ul><li>${escaped}</li>${escaped}</ul>`,
  );
  assert.equal(String(html`${raw('<hr>')}${undefined}${''}${7}`), '<hr>7');
  const forged = JSON.parse('{"isEscaped":true,"text":"<script>"}');
  assert.throws(() => html`${forged}`, TypeError);
});
