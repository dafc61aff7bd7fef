import { describe, expect, it } from 'vitest';
import { adviceFor, measure } from './gaps';

describe('a test scan', () => {
  it('shows its characters and the longest gap', () => {
    expect(measure([1_000, 1_012, 1_020, 1_055, 1_060])).toEqual({ characters: 4, longestMs: 35 });
  });
  it('begins after a pause', () => {
    expect(measure([10, 900, 910, 920, 930])).toEqual({ characters: 3, longestMs: 10 });
  });
  it('is none with too few characters', () => {
    expect(measure([])).toBeNull();
    expect(measure([10, 20])).toBeNull();
    expect(measure([10, 20, 900])).toBeNull();
  });
  it('leads to a setting with room, within bounds', () => {
    expect(adviceFor(4)).toBe(30);
    expect(adviceFor(35)).toBe(60);
    expect(adviceFor(480)).toBe(200);
  });
});
