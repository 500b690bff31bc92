/* A code read by the camera, with the platform's own detector.
 *
 * Where there is none (most desks, iPhones) the button is not shown: the code can be typed, or read by a scanner that
 * types. The picture stays in the browser.
 *
 * W3C Barcode Detection API; Media Capture and Streams.
 */

const FORMATS = ['qr_code', 'data_matrix'];
const PAUSE = 200;

/** Can this browser read codes? */
export function canScan() {
  return 'BarcodeDetector' in globalThis && Boolean(navigator.mediaDevices?.getUserMedia);
}

/** What the first code that is seen says; null where it was stopped, or the camera is refused. */
export async function scan(picture, stop) {
  let stream;
  try {
    stream = await navigator.mediaDevices.getUserMedia({ video: { facingMode: 'environment' } });
  } catch {
    return null;
  }
  let stopped = false;
  stop.addEventListener('click', () => { stopped = true; }, { once: true });
  picture.srcObject = stream;
  try {
    await picture.play();
    const detector = new BarcodeDetector({ formats: FORMATS });
    while (!stopped) {
      const [found] = await detector.detect(picture);
      if (found) return found.rawValue;
      await new Promise((resume) => { setTimeout(resume, PAUSE); });
    }
    return null;
  } finally {
    for (const track of stream.getTracks()) track.stop();
    picture.srcObject = null;
  }
}
