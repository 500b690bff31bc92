/* Reading a code: by the platform's detector while the camera runs, by a picture that the server reads, or by a hardware
 * scanner, which types faster than anybody.
 *
 * - A picture goes to the server as bare brightness, a byte a point: there is nothing in it to be decoded but the code.
 *
 * W3C Accelerated Shape Detection (BarcodeDetector).
 */

import { asked } from './device.js';
import { el, say, why } from './words.js';

const FORMATS = ['qr_code', 'data_matrix', 'code_128', 'ean_13'];
const MOST_SIDE = 1600;
const FAST = 45;
const SHORTEST = 6;

/** What is read with the camera, or of a picture; null where it was given up. */
export async function scan() {
  const detector = await makeDetector();
  const dialog = el('scanner');
  el('scan-said').textContent = '';
  dialog.showModal();
  const camera = detector ? await opened() : null;
  el('camera').hidden = !camera;
  return new Promise((resolve) => {
    let over = false;
    const end = (text) => {
      if (over) return;
      over = true;
      camera?.getTracks().forEach((track) => track.stop());
      el('camera').srcObject = null;
      if (dialog.open) dialog.close();
      resolve(text);
    };
    dialog.onclose = () => end(null);
    el('scan-stop').onclick = () => end(null);
    el('picture').onchange = async () => {
      const text = await ofPicture(el('picture').files[0], detector);
      el('picture').value = '';
      if (text) end(text);
    };
    if (camera) watch(detector, () => over, end);
  });
}

/** Hear a hardware scanner wherever the page is looked at; `take(text)` gets what it typed. */
export function hearScanner(take) {
  let [typed, last] = ['', 0];
  document.addEventListener('keydown', (event) => {
    const inField = event.target.matches?.('input, textarea, select');
    const now = event.timeStamp;
    if (now - last > FAST) typed = '';
    last = now;
    if (event.key === 'Enter' && typed.length >= SHORTEST) {
      event.preventDefault();
      if (inField && event.target.value?.endsWith(typed)) event.target.value = event.target.value.slice(0, -typed.length);
      take(typed);
      typed = '';
    } else if (event.key === 'F8' || (event.ctrlKey && event.key === ']')) {
      typed += '\x1d';
    } else if (event.key.length === 1 && (!event.ctrlKey || event.altKey)) {
      // Ctrl with a letter is a person's command; with Alt it is AltGr, by which some keyboards write.
      typed += event.key;
    }
  });
}

async function makeDetector() {
  if (!('BarcodeDetector' in window)) return null;
  const there = await BarcodeDetector.getSupportedFormats().catch(() => []);
  const formats = FORMATS.filter((format) => there.includes(format));
  return formats.length ? new BarcodeDetector({ formats }) : null;
}

async function opened() {
  try {
    const stream = await navigator.mediaDevices.getUserMedia({ video: { facingMode: 'environment' } });
    el('camera').srcObject = stream;
    await el('camera').play();
    return stream;
  } catch {
    return null;
  }
}

async function watch(detector, over, end) {
  while (!over()) {
    const [found] = await detector.detect(el('camera')).catch(() => []);
    if (found) end(found.rawValue);
    await new Promise((resolve) => requestAnimationFrame(resolve));
  }
}

async function ofPicture(file, detector) {
  if (!file) return null;
  try {
    const bitmap = await createImageBitmap(file);
    const [found] = detector ? await detector.detect(bitmap).catch(() => []) : [];
    const text = found?.rawValue ?? (await byServer(bitmap));
    if (!text) el('scan-said').textContent = say('scan-none');
    return text;
  } catch (error) {
    el('scan-said').textContent = error.code === 'offline' ? say('scan-offline') : error.code ? why(error) : say('scan-none');
    return null;
  }
}

async function byServer(bitmap) {
  const scale = Math.min(1, MOST_SIDE / Math.max(bitmap.width, bitmap.height));
  const [width, height] = [Math.round(bitmap.width * scale), Math.round(bitmap.height * scale)];
  const canvas = new OffscreenCanvas(width, height);
  const drawing = canvas.getContext('2d', { willReadFrequently: true });
  drawing.drawImage(bitmap, 0, 0, width, height);
  const { data } = drawing.getImageData(0, 0, width, height);
  // ITU-R BT.601 brightness.
  const body = new Uint8Array(width * height);
  for (let at = 0; at < body.length; at += 1) {
    body[at] = (299 * data[4 * at] + 587 * data[4 * at + 1] + 114 * data[4 * at + 2]) / 1000;
  }
  const path = `/api/v1/scan?width=${width}&height=${height}`;
  const found = await asked(path, { method: 'POST', body, headers: { 'Content-Type': 'application/octet-stream' } });
  return found[0] ?? null;
}
