import { hash } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { getRequestListener } from '@hono/node-server';
import { Hono } from 'hono';
import { icon } from './icon.ts';
import { keysScript } from './keys-script.ts';
import type { Markup } from './markup.ts';
import { pagePolicy, strictHeaders } from './strict-headers.ts';
import { styleSheet } from './style.ts';

/** Slow clients hold a connection, and not for long (slow request attacks). */
const longestRequest = 15_000;
const longestHeader = 5_000;
const lookEvery = 1_000;
const mostConnections = 512;

/** An app with the style sheet, the keys and the icon: what every site of ours starts from. */
export function startSite(): Hono {
  const site = new Hono();
  site.get('/style.css', (context) => answer(context.req.raw, styleSheet, 'text/css; charset=utf-8'));
  site.get('/keys.js', (context) => answer(context.req.raw, keysScript, 'text/javascript; charset=utf-8'));
  site.get('/icon.svg', (context) => answer(context.req.raw, icon, 'image/svg+xml'));
  return site;
}

/** Answers 304 when the reader has this very text (RFC 9110 §13.1.2). */
export function answer(
  request: Request,
  body: string | Uint8Array<ArrayBuffer>,
  contentType: string,
  more: Readonly<Record<string, string>> = {},
): Response {
  // As bytes from here on: a text would be encoded for the digest, for its length and for the socket.
  const bytes = typeof body === 'string' ? Buffer.from(body) : body;
  const etag = `"${hash('sha256', bytes, 'base64url').slice(0, 27)}"`;
  const headers = { etag, 'cache-control': 'no-cache', 'content-type': contentType, ...more };
  const known = request.headers.get('if-none-match')?.split(',') ?? [];
  // RFC 9110 §8.8.3.2: If-None-Match compares weakly; a proxy that compressed may have weakened ours.
  const matches = known.some((value) => value.trim() === '*' || value.trim().replace(/^W\//, '') === etag);
  return matches ? new Response(null, { status: 304, headers }) : new Response(bytes, { headers });
}

export function answerPage(
  request: Request,
  markup: Markup,
  more: Readonly<Record<string, string>> = {},
): Response {
  // A page has our one script. Raw mail and what came attached have none, however they are opened.
  return answer(request, String(markup), 'text/html; charset=utf-8', {
    'content-security-policy': pagePolicy,
    ...more,
  });
}

export type Listening = Readonly<{ port: number; close: () => Promise<void> }>;

/** Rejects with the system's code (`EADDRINUSE`) when the address cannot be had. */
export async function serveSite(
  site: Hono,
  at: Readonly<{ host: string; port: number }>,
): Promise<Listening> {
  const listener = getRequestListener(site.fetch);
  const checking = { connectionsCheckingInterval: lookEvery };
  const server = createServer(checking, (request: IncomingMessage, response: ServerResponse) => {
    // Of every answer, whoever makes it; and on a Response each would cost more than the page's own text.
    for (const [name, value] of strictHeaders) response.setHeader(name, value);
    void listener(request, response);
  });
  server.requestTimeout = longestRequest;
  server.headersTimeout = longestHeader;
  server.maxConnections = mostConnections;
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(at.port, at.host, resolve);
  });
  const address: AddressInfo | string | null = server.address();
  return {
    port: typeof address === 'object' && address ? address.port : at.port,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}
