import { readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { brotliCompress, constants } from 'node:zlib';
import { svelte } from '@sveltejs/vite-plugin-svelte';
import type { Plugin } from 'vite';
import { defineConfig } from 'vitest/config';

/**
 * The library of components writes `style="display: contents;"` into some of its markup, which a page without
 * `unsafe-inline` refuses. A class says the same.
 */
const noInlineStyles: Plugin = {
  name: 'no-inline-styles',
  enforce: 'pre',
  transform(code, id) {
    if (!id.includes('/bits-ui/') || !id.endsWith('.svelte') || !code.includes('style="display: contents;"'))
      return null;
    return { code: code.replaceAll('style="display: contents;"', 'class="contents"'), map: null };
  },
};

/** Tells the browser of the letters most pages are set in, before the styles that name them are read. */
function preloadFont(): Plugin {
  return {
    name: 'preload-font',
    transformIndexHtml: {
      order: 'post',
      handler: (_, { bundle }) => {
        const font = Object.keys(bundle ?? {}).find((name) => /inter-latin-wght-normal.*\.woff2$/.test(name));
        const attrs = { rel: 'preload', as: 'font', type: 'font/woff2', crossorigin: true, href: `/${font}` };
        return font ? [{ tag: 'link', attrs, injectTo: 'head' as const }] : [];
      },
    },
  };
}

/** Writes `name.br` beside every text of the build: compressed once, as small as can be, and not while somebody waits. */
function precompress(): Plugin {
  const pack = promisify(brotliCompress);
  const one = async (path: string) => {
    const plain = await readFile(path);
    const { BROTLI_PARAM_QUALITY: quality, BROTLI_PARAM_SIZE_HINT: hint, BROTLI_MAX_QUALITY: best } = constants;
    const packed = await pack(plain, { params: { [quality]: best, [hint]: plain.length } });
    if (packed.length < plain.length) await writeFile(`${path}.br`, packed);
  };
  return {
    name: 'precompress',
    apply: 'build',
    async writeBundle({ dir = 'dist' }) {
      const texts = (await readdir(dir, { recursive: true })).filter((name) => /\.(js|css|html|svg)$/.test(name));
      await Promise.all(texts.map((name) => one(join(dir, name))));
    },
  };
}

/** `--mode mock` serves a made-up API beside the app; every other mode asks a running Groundswell. */
export default defineConfig(async ({ mode }) => {
  const plugins: (Plugin | Plugin[])[] = [noInlineStyles, svelte(), preloadFont(), precompress()];
  if (mode === 'mock') plugins.push((await import('./tests/mock/plugin.ts')).mockApi());
  const server = process.env['GROUNDSWELL_URL'] ?? 'http://127.0.0.1:8080';
  return {
    plugins,
    resolve: { alias: { $lib: fileURLToPath(new URL('./src/lib', import.meta.url)) } },
    server:
      mode === 'mock' ? {} : { proxy: { '/api': { target: server, changeOrigin: true, headers: { origin: server } } } },
    build: {
      target: 'es2022',
      assetsInlineLimit: 0,
      chunkSizeWarningLimit: 700,
      rolldownOptions: {
        output: {
          // What every page needs comes in a few files: sixty small ones wait for each other on a connection.
          codeSplitting: {
            groups: [
              {
                name: 'frame',
                test: /node_modules[\\/](svelte|bits-ui|@floating-ui|svelte-sonner|esm-env|clsx|tabbable|runed|svelte-toolbelt|openapi-fetch|@lucide)[\\/]/,
                minShareCount: 5,
              },
              { name: 'drawn', test: /src[\\/]lib[\\/](charts|annotations)[\\/]/, minShareCount: 4 },
              {
                name: 'app',
                test: /src[\\/]lib[\\/](state|api|text|messages|components|marks)[\\/]/,
                minShareCount: 5,
              },
            ],
          },
        },
      },
    },
    test: { include: ['tests/unit/**/*.test.ts'], environment: 'node' },
  };
});
