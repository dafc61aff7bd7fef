import { base64Of } from '../app/base64';

/** More than a screen that stands on a counter shows of a picture. */
const MOST_WIDTH = 1_280;
const MOST_HEIGHT = 800;
/** How a picture is drawn until it is small enough: first it loses what nobody sees, then its size. */
const TRIES = [
  { scale: 1, quality: 0.85 },
  { scale: 1, quality: 0.7 },
  { scale: 1, quality: 0.55 },
  { scale: 0.75, quality: 0.6 },
  { scale: 0.5, quality: 0.6 },
  { scale: 0.25, quality: 0.6 },
];

/** The size of a picture that has room on the screen; never larger than it is, never nothing. */
export function fitted(width: number, height: number, scale: number): [number, number] {
  const shrink = scale * Math.min(1, MOST_WIDTH / width, MOST_HEIGHT / height);
  return [Math.max(1, Math.round(width * shrink)), Math.max(1, Math.round(height * shrink))];
}

/** A picture as a JPEG in Base64 of at most so many bytes; null when the file is no picture. */
export async function photoOf(file: Blob, mostBytes: number): Promise<string | null> {
  let picture: ImageBitmap;
  try {
    picture = await createImageBitmap(file);
  } catch {
    return null;
  }
  for (const { scale, quality } of TRIES) {
    const jpeg = await drawn(picture, fitted(picture.width, picture.height, scale), quality);
    if (jpeg && jpeg.size <= mostBytes) return base64Of(new Uint8Array(await jpeg.arrayBuffer()));
  }
  return null;
}

function drawn(picture: ImageBitmap, [width, height]: [number, number], quality: number): Promise<Blob | null> {
  const canvas = document.createElement('canvas');
  canvas.width = width;
  canvas.height = height;
  const pen = canvas.getContext('2d');
  if (!pen) return Promise.resolve(null);
  // A JPEG has no transparent parts.
  pen.fillStyle = 'white';
  pen.fillRect(0, 0, width, height);
  pen.drawImage(picture, 0, 0, width, height);
  return new Promise((done) => canvas.toBlob(done, 'image/jpeg', quality));
}
