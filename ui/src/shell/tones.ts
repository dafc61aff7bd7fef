/** The letters of Vietnamese that no other keyboard row has. */
export const VIETNAMESE = 'ăâđêôơư';

/** The five tone marks as combining characters: sắc, huyền, hỏi, ngã, nặng. */
export const TONES = ['\u0301', '\u0300', '\u0309', '\u0303', '\u0323'] as const;

const VOWEL = /^[aăâeêioôơuưy]$/i;

/** A letter with a tone mark in place of the one it has; the same mark again takes it off. Other characters stay. */
export function withTone(letter: string, tone: string): string {
  const apart = letter.normalize('NFD');
  const bare = [...apart].filter((part) => !TONES.some((mark) => mark === part)).join('');
  if (!VOWEL.test(bare.normalize('NFC'))) return letter;
  return (apart.includes(tone) ? bare : bare + tone).normalize('NFC');
}
