/* A picture made small enough to keep, and the digest that its entry signs. */

import { encode } from '../ledger/base64url.js';
import { sha256 } from '../ledger/bytes.js';

const MOST_SIDE = 1600;

/** {blob, mediaType, sha256, size}: a JPEG of the picture in a file; throws where it is none. */
export async function picture(file) {
  const bitmap = await createImageBitmap(file);
  const scale = Math.min(1, MOST_SIDE / Math.max(bitmap.width, bitmap.height));
  const canvas = new OffscreenCanvas(Math.round(bitmap.width * scale), Math.round(bitmap.height * scale));
  canvas.getContext('2d').drawImage(bitmap, 0, 0, canvas.width, canvas.height);
  const blob = await canvas.convertToBlob({ type: 'image/jpeg', quality: 0.82 });
  const bytes = new Uint8Array(await blob.arrayBuffer());
  return { blob, mediaType: 'image/jpeg', sha256: encode(await sha256(bytes)), size: bytes.length };
}
