import { describe, expect, it } from 'vitest';
import { newId } from './newId';

describe('a new id', () => {
  it('is a UUID of version 7 that begins with its time', () => {
    // The example of RFC 9562, appendix A.6.
    const random = new Uint8Array([0x0c, 0xc3, 0x18, 0xc4, 0xdc, 0x0c, 0x0c, 0x07, 0x39, 0x8f]);
    expect(newId(0x017f22e279b0, random)).toBe('017f22e2-79b0-7cc3-98c4-dc0c0c07398f');
  });
  it('is another one each time', () => {
    expect(new Set(Array.from({ length: 1000 }, () => newId())).size).toBe(1000);
  });
});
