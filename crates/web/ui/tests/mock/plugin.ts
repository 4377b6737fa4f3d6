import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Connect, Plugin } from 'vite';
import { MockServer } from './server.ts';

/** What the real server says with every page; the app is developed under it. */
const POLICY =
  "default-src 'self'; script-src 'self'; style-src 'self'; img-src 'self' data:; font-src 'self'; connect-src 'self'; object-src 'none'; base-uri 'none'; frame-ancestors 'none'";

/** Serves a made-up API under `/api/v1`: for developing the app, and for its tests without the real server. */
export function mockApi(): Plugin {
  const server = new MockServer(
    process.env['MOCK_SEED'] ? Number(process.env['MOCK_SEED']) : 7,
    process.env['MOCK_EMPTY'] === '1',
  );
  const handle = (request: IncomingMessage, response: ServerResponse, next: Connect.NextFunction) => {
    if (request.url?.startsWith('/api/v1/')) void server.handle(request, response);
    else next();
  };
  return {
    name: 'groundswell-mock',
    configureServer: (vite) => void vite.middlewares.use(handle),
    configurePreviewServer: (vite) => {
      vite.middlewares.use((_request, response, next) => {
        response.setHeader('content-security-policy', POLICY);
        next();
      });
      vite.middlewares.use(handle);
    },
  };
}
