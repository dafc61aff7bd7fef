import { drawnOf, type Drawing } from '../app/picture';

/** What the server takes. */
const MOST_BYTES = 32 * 1024;
/** Widths in dots that are tried, the widest first: 384 is the width of 58 mm paper. */
const WIDTHS = [384, 288, 192, 128];
const MOST_HEIGHT = 400;

const WAYS = WIDTHS.map((most): Drawing => ({
  scale: (width, height) => Math.min(1, most / width, MOST_HEIGHT / height),
  type: 'image/png',
  finish: turnGrey,
}));

/** Sixteen shades are enough for paper that knows two, and make a small file. */
function turnGrey(dots: Uint8ClampedArray): void {
  for (let at = 0; at < dots.length; at += 4) {
    const [r = 0, g = 0, b = 0] = dots.subarray(at, at + 3);
    const grey = Math.round((0.299 * r + 0.587 * g + 0.114 * b) / 17) * 17;
    dots.fill(grey, at, at + 3);
  }
}

/** A picture as a small grey PNG in Base64; null when it is no picture. */
export function logoOf(file: Blob): Promise<string | null> {
  return drawnOf(file, MOST_BYTES, WAYS);
}
