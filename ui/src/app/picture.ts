import { base64Of } from './base64';

/** A way to draw a picture. */
export interface Drawing {
  /** By how much a picture of this size is drawn smaller: 1 leaves it as it is. */
  scale: (width: number, height: number) => number;
  type: 'image/jpeg' | 'image/png';
  quality?: number;
  /** What is done to its dots: red, green, blue, alpha. */
  finish?: (dots: Uint8ClampedArray) => void;
}

/** The size of a picture that is drawn smaller; never nothing. */
export function scaled(width: number, height: number, scale: number): [number, number] {
  return [Math.max(1, Math.round(width * scale)), Math.max(1, Math.round(height * scale))];
}

/**
 * A picture as Base64, drawn on white in the first of these ways that comes to at most so many bytes; null when none does,
 * or the file is no picture.
 */
export async function drawnOf(file: Blob, mostBytes: number, ways: readonly Drawing[]): Promise<string | null> {
  const picture = await createImageBitmap(file).catch(() => null);
  if (picture === null) return null;
  try {
    for (const way of ways) {
      const drawn = await draw(picture, way);
      if (drawn && drawn.size <= mostBytes) return base64Of(new Uint8Array(await drawn.arrayBuffer()));
    }
    return null;
  } finally {
    picture.close();
  }
}

function draw(picture: ImageBitmap, { scale, type, quality, finish }: Drawing): Promise<Blob | null> {
  const canvas = document.createElement('canvas');
  const [width, height] = scaled(picture.width, picture.height, scale(picture.width, picture.height));
  Object.assign(canvas, { width, height });
  const pen = canvas.getContext('2d');
  if (!pen) return Promise.resolve(null);
  // Nothing stays transparent: paper is white, and a JPEG has no such parts.
  pen.fillStyle = 'white';
  pen.fillRect(0, 0, width, height);
  pen.drawImage(picture, 0, 0, width, height);
  if (finish) {
    const dots = pen.getImageData(0, 0, width, height);
    finish(dots.data);
    pen.putImageData(dots, 0, 0);
  }
  return new Promise((done) => canvas.toBlob(done, type, quality));
}
