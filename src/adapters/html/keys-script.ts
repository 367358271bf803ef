/**
 * The one script of ours: keys for those who read much. Every page works without it. Nothing happens while somebody
 * types, nor with a modifier key. WCAG 2.2 §2.1.4: keys of one character can be turned off, and stay so.
 */
export const keysScript = `
(() => {
  const keys = document.getElementById('keys');
  const field = document.getElementById('q');
  const lines = [...document.querySelectorAll('.lines > li > a, article.posting > h2 > a')];
  const stored = 'embargod-keys';
  let off = false;
  try { off = localStorage.getItem(stored) === 'off'; } catch {}

  const follow = (rel) => document.querySelector('main a[rel~="' + rel + '"]')?.click();
  const start = (step) => {
    const seen = lines.findIndex((line) => line.getBoundingClientRect().top >= 0);
    const below = seen < 0 ? lines.length : seen;
    return step > 0 ? below : below - 1;
  };
  const move = (step) => {
    const at = lines.indexOf(document.activeElement);
    const line = lines[at < 0 ? start(step) : at + step];
    if (!line) return follow(step > 0 ? 'next' : 'prev');
    line.focus({ preventScroll: true });
    line.scrollIntoView({ block: line.parentElement.tagName === 'H2' ? 'start' : 'nearest' });
  };
  const show = () => {
    keys.open = true;
    keys.querySelector('summary').focus();
  };
  const does = {
    j: () => move(1),
    k: () => move(-1),
    u: () => follow('up'),
    '/': () => field?.select(),
    '?': show,
  };
  document.addEventListener('keydown', (event) => {
    if (off || event.ctrlKey || event.metaKey || event.altKey || event.isComposing) return;
    if (event.target.closest('input, textarea, select, [contenteditable]')) return;
    if (!Object.hasOwn(does, event.key)) return;
    event.preventDefault();
    does[event.key]();
  });

  const button = document.createElement('button');
  const name = () => { button.textContent = off ? 'Turn these keys on' : 'Turn these keys off'; };
  button.type = 'button';
  button.addEventListener('click', () => {
    off = !off;
    try { localStorage.setItem(stored, off ? 'off' : 'on'); } catch {}
    name();
  });
  name();
  keys.append(button);
  keys.hidden = false;
})();
`.trimStart();
