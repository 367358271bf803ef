import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import { writeExposition } from './exposition.ts';
import { type Monitoring, type ServedMonitoring, serveMonitoring } from './serve-monitoring.ts';

const open: ServedMonitoring[] = [];
after(() => Promise.all(open.map(({ close }) => close())));

async function serve(change: Partial<Monitoring>) {
  const served = await serveMonitoring(
    {
      health: async () => ({ healthy: true, lines: ['ok'] }),
      metrics: async () => 'embargod_outbox_rows 1\n',
      token: 'secret',
      ...change,
    },
    { host: '127.0.0.1', port: 0 },
  );
  open.push(served);
  return (path: string, init?: RequestInit) => fetch(`http://127.0.0.1:${served.port}${path}`, init);
}

const bearer = (token: string) => ({ headers: { authorization: `Bearer ${token}` } });

test('health is 200 or 503 with a line for each concern, for anybody on the machine', async () => {
  const well = await (await serve({}))('/health');
  assert.deepEqual([well.status, await well.text()], [200, 'ok\n']);
  const lines = ['The relay cannot be reached.', 'The disk is full.'];
  const ill = await (await serve({ health: async () => ({ healthy: false, lines }) }))('/health');
  assert.deepEqual([ill.status, await ill.text()], [503, `${lines.join('\n')}\n`]);
});

test('figures are for the token only: without, with another, and where none is made, there are none', async () => {
  const get = await serve({});
  const answers = [
    await get('/metrics'),
    await get('/metrics', bearer('secreT')),
    await get('/metrics', bearer('')),
  ];
  const none = await serve({ token: undefined });
  answers.push(await none('/metrics', bearer('undefined')), await none('/metrics', bearer('')));
  for (const answer of answers) {
    assert.equal(answer.status, 401);
    assert.doesNotMatch(await answer.text(), /embargod_/);
  }
  const shown = await get('/metrics', bearer('secret'));
  assert.equal(shown.headers.get('content-type'), 'text/plain; version=0.0.4; charset=utf-8');
  assert.equal(await shown.text(), 'embargod_outbox_rows 1\n');
});

test('other paths and methods have nothing, and a fault tells nothing of itself', async () => {
  const get = await serve({ health: () => Promise.reject(new Error('password=hunter2')) });
  assert.equal((await get('/')).status, 404);
  assert.equal((await get('/metrics/../health?x')).status, 404);
  assert.equal((await get('/health', { method: 'POST', body: 'x' })).status, 405);
  const fault = await get('/health');
  assert.equal(fault.status, 503);
  assert.doesNotMatch(await fault.text(), /hunter/);
});

test('a label cannot become another sample, whatever a row holds; a family without samples is left out', () => {
  const text = writeExposition([
    {
      name: 'a_seconds',
      kind: 'gauge',
      help: 'Age.',
      samples: [{ labels: { instance: 'x"} 1\nb_total 9\\' }, value: 0.5 }],
    },
    { name: 'b_total', kind: 'counter', help: 'None.', samples: [] },
  ]);
  assert.equal(
    text,
    '# HELP a_seconds Age.\n# TYPE a_seconds gauge\na_seconds{instance="x\\"} 1\\nb_total 9\\\\"} 0.5\n',
  );
});
