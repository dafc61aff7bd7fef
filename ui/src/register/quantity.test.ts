import { describe, expect, it } from 'vitest';
import { fromThousandths, left, plus, thousandths } from './quantity';

describe('quantity', () => {
  it('goes to thousandths and back', () => {
    for (const text of ['0', '1', '0.125', '12.5', '999999.999', '-2']) {
      expect(fromThousandths(thousandths(text))).toBe(text);
    }
  });
  it('adds pieces and never goes below nothing', () => {
    expect(plus('1', 1)).toBe('2');
    expect(plus('0.3', 1)).toBe('1.3');
    expect(plus('1', -1)).toBe('0');
    expect(plus('0.5', -1)).toBe('0');
  });
  it('says what is left of a line', () => {
    expect(left('3', '1')).toBe('2');
    expect(left('0.75', '0.5')).toBe('0.25');
    expect(left('1', '2')).toBe('0');
  });
});
