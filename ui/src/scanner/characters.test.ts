import { describe, expect, it } from 'vitest';
import { characterOf } from './characters';

const key = (key: string, code: string, more: Partial<Parameters<typeof characterOf>[0]> = {}) =>
  characterOf({ key, code, shiftKey: false, ctrlKey: false, isComposing: false, ...more });

describe('characterOf', () => {
  it('takes the character of a plain key', () => {
    expect(key('8', 'Digit8')).toBe('8');
    expect(key('K', 'KeyK', { shiftKey: true })).toBe('K');
  });
  it('has none for keys that move or switch', () => {
    expect(key('Shift', 'ShiftLeft')).toBe('');
    expect(key('ArrowUp', 'ArrowUp')).toBe('');
    expect(key('F9', 'F9')).toBe('');
  });
  it('goes by the place of the key when a Vietnamese input method hides it', () => {
    expect(key('Process', 'KeyS')).toBe('s');
    expect(key('Process', 'KeyS', { shiftKey: true })).toBe('S');
    expect(key('Process', 'Digit5')).toBe('5');
    expect(key('ơ', 'KeyW', { isComposing: true })).toBe('w');
  });
  it('reads Ctrl+] as the group separator and no other control key', () => {
    expect(key(']', 'BracketRight', { ctrlKey: true })).toBe('\u001d');
    expect(key('c', 'KeyC', { ctrlKey: true })).toBe('');
  });
});
