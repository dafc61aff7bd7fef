import { expect, it } from 'vitest';
import { scaled } from '../app/picture';
import { fitting } from './photo';

it.each([
  { width: 4_000, height: 3_000, drawn: [1_067, 800] },
  { width: 3_000, height: 4_000, drawn: [800, 1_067] },
  { width: 8_000, height: 1_000, drawn: [1_280, 160] },
  { width: 1_000, height: 8_000, drawn: [160, 1_280] },
  { width: 640, height: 400, drawn: [640, 400] },
  { width: 1, height: 9_000, drawn: [1, 1_280] },
])('a picture of $width × $height is as large as a screen shows it and no larger', ({ width, height, drawn }) => {
  expect(scaled(width, height, fitting(width, height))).toEqual(drawn);
});
