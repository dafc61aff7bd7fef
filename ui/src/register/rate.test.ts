import { expect, it } from 'vitest';
import { percentOf, ratePpm } from './rate';

it('reads a percent in parts per million and back', () => {
  expect(ratePpm('10')).toBe(100_000);
  expect(ratePpm('7.5')).toBe(75_000);
  expect(ratePpm('100')).toBe(1_000_000);
  expect(percentOf(75_000)).toBe('7.5');
  expect(percentOf(100_000)).toBe('10');
});

it('refuses more than the whole', () => {
  expect(ratePpm('100.01')).toBeNull();
  expect(ratePpm('999')).toBeNull();
  expect(ratePpm('abc')).toBeNull();
});
