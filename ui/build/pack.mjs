// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
//
// After vite build: compresses every file ahead of time, lists the files for the server, and refuses a first load
// that has grown beyond its budget.
import { createHash } from 'node:crypto';
import { readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join, relative, sep } from 'node:path';
import { brotliCompressSync, constants, gzipSync } from 'node:zlib';

const FIRST_LOAD_BUDGET_KB = 450;
const dist = 'target/dist';
const manifestFile = join(dist, 'ui/build-manifest.json');
const manifest = JSON.parse(readFileSync(manifestFile, 'utf8'));
rmSync(manifestFile);

const gzipped = new Map();
const listed = [];
for (const entry of readdirSync(dist, { recursive: true, withFileTypes: true })) {
  if (!entry.isFile()) continue;
  const file = join(entry.parentPath ?? entry.path, entry.name);
  const path = relative(dist, file).split(sep).join('/');
  if (path === 'pages.txt' || path === 'files.txt') continue;
  const bytes = readFileSync(file);
  const codings = [];
  if (/\.(js|css|html|svg)$/.test(path)) {
    const gz = gzipSync(bytes, { level: 9 });
    const br = brotliCompressSync(bytes, { params: { [constants.BROTLI_PARAM_QUALITY]: 11 } });
    gzipped.set(path, gz.length);
    if (br.length < bytes.length) {
      writeFileSync(file + '.br', br);
      codings.push('br');
    }
    if (gz.length < bytes.length) {
      writeFileSync(file + '.gz', gz);
      codings.push('gzip');
    }
  } else {
    gzipped.set(path, bytes.length);
  }
  listed.push(`${path}\t${createHash('sha256').update(bytes).digest('hex').slice(0, 16)}\t${codings.join(',')}`);
}
writeFileSync(join(dist, 'files.txt'), listed.sort().join('\n') + '\n');

// What a browser fetches to show the first page: the entry, the home page, what both import, styles and the font.
const first = new Set(['index.html', 'ui/theme.js']);
const take = (key) => {
  const chunk = manifest[key];
  if (!chunk || first.has(chunk.file)) return;
  first.add(chunk.file);
  (chunk.css ?? []).forEach((css) => first.add(css));
  (chunk.imports ?? []).forEach(take);
};
take('index.html');
take('src/pages/home/HomePage.tsx');
const font = listed.map((line) => line.split('\t')[0]).find((path) => /inter-latin-wght-normal.*woff2$/.test(path));
if (!font) throw new Error('the bundled font is not in the build');
first.add(font);
const kilobytes = [...first].reduce((sum, path) => sum + (gzipped.get(path) ?? 0), 0) / 1000;
console.log(`first load: ${kilobytes.toFixed(0)} kB compressed in ${first.size} files (budget ${FIRST_LOAD_BUDGET_KB} kB)`);
if (kilobytes > FIRST_LOAD_BUDGET_KB) {
  console.error('The first load is over its budget; load what the first page does not need lazily.');
  process.exit(1);
}
