import { describe, expect, it } from 'vitest';
import { TONES, withTone } from './tones';

const [sac, huyen, hoi, nga, nang] = TONES;

describe('a tone mark', () => {
  it.each([
    ['a', sac, 'á'],
    ['â', huyen, 'ầ'],
    ['ê', hoi, 'ể'],
    ['ơ', nga, 'ỡ'],
    ['ư', nang, 'ự'],
    ['Đ', sac, 'Đ'],
    ['Y', hoi, 'Ỷ'],
    ['t', sac, 't'],
  ])('on %s is written', (letter, tone, written) => {
    expect(withTone(letter, tone)).toBe(written);
  });
  it('replaces another one and is taken off by itself', () => {
    expect(withTone('ấ', nang)).toBe('ậ');
    expect(withTone('ậ', nang)).toBe('â');
  });
});
