import { drawnOf, type Drawing } from '../app/picture';

/** More than a screen that stands on a counter shows of a picture, whichever way both of them lie. */
const MOST_LONG = 1_280;
const MOST_SHORT = 800;
/** How a picture is drawn until it is small enough: first it loses what nobody sees, then its size. */
const TRIES = [
  { scale: 1, quality: 0.85 },
  { scale: 1, quality: 0.7 },
  { scale: 1, quality: 0.55 },
  { scale: 0.75, quality: 0.6 },
  { scale: 0.5, quality: 0.6 },
  { scale: 0.25, quality: 0.6 },
];

const WAYS = TRIES.map(({ scale, quality }): Drawing => ({
  scale: (width, height) => scale * fitting(width, height),
  type: 'image/jpeg',
  quality,
}));

/** By how much a picture is made smaller to have room on the screen; never larger than it is. */
export function fitting(width: number, height: number): number {
  return Math.min(1, MOST_LONG / Math.max(width, height), MOST_SHORT / Math.min(width, height));
}

/** A picture as a JPEG in Base64 of at most so many bytes; null when the file is no picture. */
export function photoOf(file: Blob, mostBytes: number): Promise<string | null> {
  return drawnOf(file, mostBytes, WAYS);
}
