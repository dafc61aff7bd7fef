import { expect, it } from 'vitest';
import { age } from './age';

it('says how long ago in the largest unit that says something', () => {
  expect(age(-5_000)).toEqual({ unit: 'seconds', count: 0 });
  expect(age(59_000)).toEqual({ unit: 'seconds', count: 59 });
  expect(age(60_000)).toEqual({ unit: 'minutes', count: 1 });
  expect(age(3_599_000)).toEqual({ unit: 'minutes', count: 59 });
  expect(age(47 * 3_600_000)).toEqual({ unit: 'hours', count: 47 });
  expect(age(48 * 3_600_000)).toEqual({ unit: 'days', count: 2 });
});
