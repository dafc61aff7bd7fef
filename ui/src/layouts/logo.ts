import { base64Of } from '../app/base64';

/** What the server takes. */
const MOST_BYTES = 32 * 1024;
/** Widths in dots that are tried, the widest first: 384 is the width of 58 mm paper. */
const WIDTHS = [384, 288, 192, 128];
const MOST_HEIGHT = 400;

/** A picture as a small grey PNG in Base64, made smaller until it fits; null when it is no picture. */
export async function logoOf(file: Blob): Promise<string | null> {
  let picture: ImageBitmap;
  try {
    picture = await createImageBitmap(file);
  } catch {
    return null;
  }
  for (const width of WIDTHS) {
    const scale = Math.min(1, width / picture.width, MOST_HEIGHT / picture.height);
    const png = await drawn(picture, scale);
    if (png && png.size <= MOST_BYTES) return base64Of(new Uint8Array(await png.arrayBuffer()));
  }
  return null;
}

function drawn(picture: ImageBitmap, scale: number): Promise<Blob | null> {
  const canvas = document.createElement('canvas');
  canvas.width = Math.max(1, Math.round(picture.width * scale));
  canvas.height = Math.max(1, Math.round(picture.height * scale));
  const pen = canvas.getContext('2d');
  if (!pen) return Promise.resolve(null);
  pen.fillStyle = 'white';
  pen.fillRect(0, 0, canvas.width, canvas.height);
  pen.drawImage(picture, 0, 0, canvas.width, canvas.height);
  const dots = pen.getImageData(0, 0, canvas.width, canvas.height);
  for (let at = 0; at < dots.data.length; at += 4) {
    const [r = 0, g = 0, b = 0] = dots.data.slice(at, at + 3);
    // Sixteen shades are enough for paper that knows two, and make a small file.
    const grey = Math.round((0.299 * r + 0.587 * g + 0.114 * b) / 17) * 17;
    dots.data.fill(grey, at, at + 3);
  }
  pen.putImageData(dots, 0, 0);
  return new Promise((done) => canvas.toBlob(done, 'image/png'));
}
