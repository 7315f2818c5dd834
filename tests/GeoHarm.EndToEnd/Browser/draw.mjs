// Reads an archive with the pmtiles library and draws it with MapLibre in headless Chromium.
// node draw.mjs ARCHIVE_URL LAYER OUT.png -> one JSON document on stdout.
import { createServer } from 'node:http';
import { readFile } from 'node:fs/promises';
import { dirname, join, normalize } from 'node:path';
import { fileURLToPath } from 'node:url';
import { PMTiles, FetchSource } from 'pmtiles';
import { chromium } from 'playwright-core';

const [archive, layer, out] = process.argv.slice(2);
const here = dirname(fileURLToPath(import.meta.url));
const types = { '.mjs': 'text/javascript', '.js': 'text/javascript', '.css': 'text/css', '.html': 'text/html' };

const page = `<!doctype html><html><head><meta charset="utf-8">
<link rel="stylesheet" href="/node_modules/maplibre-gl/dist/maplibre-gl.css">
<style>html,body,#map{margin:0;width:800px;height:600px}</style>
<script type="importmap">{"imports":{"pmtiles":"/node_modules/pmtiles/dist/esm/index.js","fflate":"/node_modules/fflate/esm/browser.js"}}</script>
</head><body><div id="map"></div><script type="module">
import * as maplibre from '/node_modules/maplibre-gl/dist/maplibre-gl.mjs';
import { Protocol } from 'pmtiles';
try {
  maplibre.setWorkerUrl('/node_modules/maplibre-gl/dist/maplibre-gl-worker.mjs');
  maplibre.addProtocol('pmtiles', new Protocol().tile);
  const { archive, layer, bounds } = await (await fetch('/task')).json();
  const map = new maplibre.Map({
    container: 'map', attributionControl: false, fadeDuration: 0, bounds, canvasContextAttributes: { preserveDrawingBuffer: true },
    style: { version: 8, sources: { made: { type: 'vector', url: 'pmtiles://' + archive } }, layers: [
      { id: 'ground', type: 'background', paint: { 'background-color': '#ffffff' } },
      { id: 'fill', type: 'fill', source: 'made', 'source-layer': layer, paint: { 'fill-color': '#317440', 'fill-antialias': false } },
      { id: 'line', type: 'line', source: 'made', 'source-layer': layer, paint: { 'line-color': '#c8b400', 'line-width': 0.7 } } ] } });
  map.on('error', e => { window.fault = String(e.error?.message ?? e); });
  map.once('idle', () => {
    const canvas = map.getCanvas(), copy = document.createElement('canvas');
    [copy.width, copy.height] = [canvas.width, canvas.height];
    const context = copy.getContext('2d');
    context.drawImage(canvas, 0, 0);
    const pixels = context.getImageData(0, 0, copy.width, copy.height).data;
    let painted = 0;
    for (let i = 0; i < pixels.length; i += 4) painted += pixels[i] === 0x31 && pixels[i + 1] === 0x74 && pixels[i + 2] === 0x40 ? 1 : 0;
    const names = new Set(map.queryRenderedFeatures({ layers: ['fill'] }).map(f => f.id));
    window.drawn = { features: names.size, painted: painted / (pixels.length / 4), zoom: map.getZoom() };
  });
} catch (e) { window.fault = String(e); }
</script></body></html>`;

const read = new PMTiles(new FetchSource(archive));
const header = await read.getHeader();
const metadata = await read.getMetadata();
const tiles = {};
for (let z = header.minZoom; z <= Math.min(header.maxZoom, 5); z++) {
  tiles[z] = 0;
  for (let x = 0; x < 1 << z; x++) for (let y = 0; y < 1 << z; y++) if ((await read.getZxy(z, x, y))?.data.byteLength) tiles[z]++;
}

const bounds = [header.minLon, header.minLat, header.maxLon, header.maxLat];
const server = createServer(async (request, response) => {
  const path = normalize(new URL(request.url, 'http://localhost').pathname);
  try {
    if (path === '/') response.setHeader('Content-Type', 'text/html').end(page);
    else if (path === '/task') response.setHeader('Content-Type', 'application/json').end(JSON.stringify({ archive, layer, bounds }));
    else response.setHeader('Content-Type', types[path.slice(path.lastIndexOf('.'))] ?? 'application/octet-stream').end(await readFile(join(here, path)));
  } catch { response.statusCode = 404; response.end(); }
});
await new Promise(ready => server.listen(0, '127.0.0.1', ready));
const browser = await chromium.launch({ executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium', args: ['--no-sandbox', '--disable-gpu', '--use-gl=angle', '--use-angle=swiftshader', '--enable-unsafe-swiftshader'] });
try {
  const view = await browser.newPage({ viewport: { width: 800, height: 600 } });
  const said = [];
  view.on('console', m => { if (m.type() === 'error') said.push(m.text()); });
  view.on('pageerror', e => said.push(String(e)));
  await view.goto(`http://127.0.0.1:${server.address().port}/`);
  await view.waitForFunction(() => window.drawn || window.fault, null, { timeout: 90000 });
  const drawn = await view.evaluate(() => window.drawn ?? null);
  const fault = await view.evaluate(() => window.fault ?? null);
  await view.screenshot({ path: out });
  console.log(JSON.stringify({ header: { specVersion: header.specVersion, minZoom: header.minZoom, maxZoom: header.maxZoom, clustered: header.clustered, tileType: header.tileType, tiles: header.numAddressedTiles }, layers: metadata.vector_layers.map(l => l.id), tiles, drawn, fault, said }));
} finally {
  await browser.close();
  server.close();
}
