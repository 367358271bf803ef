/**
 * Sender's one port: `/health` for anybody on this machine, `/metrics` for whoever shows the token. Every local user
 * reaches loopback, the processes that face strangers too, and what the figures tell of the private side is not theirs
 * (I4). The only place where `sender` listens (test/architecture/fences.ts).
 */
import { timingSafeEqual } from 'node:crypto';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { expositionType } from './exposition.ts';

export type Health = Readonly<{ healthy: boolean; lines: readonly string[] }>;

export type Monitoring = Readonly<{
  health: () => Promise<Health>;
  metrics: () => Promise<string>;
  /** Undefined: nobody gets the figures. */
  token: string | undefined;
}>;

export type ServedMonitoring = Readonly<{ port: number; close: () => Promise<void> }>;

/** Attack: a local process that opens connections and never asks, or asks without end. */
const longestRequest = 5_000;
const mostConnections = 16;
const longestHeader = 4_096;

type Answer = Readonly<{ status: number; type: string; body: string }>;

/** Rejects with the system's code (`EADDRINUSE`) when the address cannot be had. */
export async function serveMonitoring(
  monitoring: Monitoring,
  at: Readonly<{ host: string; port: number }>,
): Promise<ServedMonitoring> {
  const limits = {
    requestTimeout: longestRequest,
    headersTimeout: longestRequest,
    connectionsCheckingInterval: longestRequest,
    maxHeaderSize: longestHeader,
  };
  const server = createServer(limits, (request, response) => {
    // Whatever a body would be, nobody reads it.
    request.resume();
    void answerTo(request, monitoring).then((answer) => write(response, answer));
  });
  server.maxConnections = mostConnections;
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(at.port, at.host, resolve);
  });
  server.on('error', () => undefined);
  const address = server.address();
  return {
    port: typeof address === 'object' && address ? address.port : at.port,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

async function answerTo(request: IncomingMessage, monitoring: Monitoring): Promise<Answer> {
  if (request.method !== 'GET' && request.method !== 'HEAD') return text(405, 'Ask with GET.\n');
  try {
    if (request.url === '/health') {
      const { healthy, lines } = await monitoring.health();
      return text(healthy ? 200 : 503, `${lines.join('\n')}\n`);
    }
    if (request.url !== '/metrics') return text(404, 'Here are /health and /metrics.\n');
    if (!shows(request, monitoring.token)) {
      return text(401, 'Show the token of sender/metrics-token: Authorization: Bearer …\n');
    }
    return { status: 200, type: expositionType, body: await monitoring.metrics() };
  } catch {
    return text(503, 'The figures cannot be had now; the log says why.\n');
  }
}

function shows({ headers }: IncomingMessage, token: string | undefined): boolean {
  if (token === undefined || token === '') return false;
  const shown = Buffer.from(headers.authorization ?? '');
  const wanted = Buffer.from(`Bearer ${token}`);
  return shown.length === wanted.length && timingSafeEqual(shown, wanted);
}

function text(status: number, body: string): Answer {
  return { status, type: 'text/plain; charset=utf-8', body };
}

function write(response: ServerResponse, { status, type, body }: Answer): void {
  response.writeHead(status, {
    'content-type': type,
    'cache-control': 'no-store',
    'x-content-type-options': 'nosniff',
    ...(status === 401 ? { 'www-authenticate': 'Bearer' } : {}),
  });
  response.end(response.req.method === 'HEAD' ? undefined : body);
}
