import { describe, expect, it } from 'vitest';
import { isSome, left, stepDown, stepUp, within } from './steps';

describe('units that come back', () => {
  it('go up by whole pieces to all that is left', () => {
    expect(stepUp('0', '3')).toBe('1');
    expect(stepUp('2', '3')).toBe('3');
    expect(stepUp('3', '3')).toBe('3');
  });
  it('take a weighed line as a whole', () => {
    expect(stepUp('0', '0.365')).toBe('0.365');
    expect(stepDown('0.365')).toBe('0');
    expect(stepUp('1', '1.25')).toBe('1.25');
    expect(stepDown('1.25')).toBe('1');
  });
  it('go down to none and no further', () => {
    expect(stepDown('3')).toBe('2');
    expect(stepDown('1')).toBe('0');
    expect(stepDown('0')).toBe('0');
  });
  it('stay within what is left', () => {
    expect(within('7', '3')).toBe('3');
    expect(within('0.5', '0.365')).toBe('0.365');
    expect(within('2', '3')).toBe('2');
  });
  it('are nothing or something', () => {
    expect(isSome('0')).toBe(false);
    expect(isSome('0.001')).toBe(true);
    expect(left('3', '3')).toBe('0');
  });
});
