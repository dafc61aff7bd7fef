/** The character of a key as a scanner means it: by `key`, and by `code` when an input method hides it. */

const SHIFTED: Record<string, string> = { Minus: '_', Equal: '+', Slash: '?', Period: '>', Comma: '<', Semicolon: ':' };
const PLAIN: Record<string, string> = {
  Minus: '-',
  Equal: '=',
  Slash: '/',
  Period: '.',
  Comma: ',',
  Semicolon: ';',
  Space: ' ',
  NumpadAdd: '+',
  NumpadSubtract: '-',
  NumpadMultiply: '*',
  NumpadDivide: '/',
  NumpadDecimal: '.',
  NumpadComma: ',',
};

/** What of a key event matters here. */
export interface KeyLike {
  key: string;
  code: string;
  shiftKey: boolean;
  ctrlKey: boolean;
  isComposing: boolean;
}

function byCode(event: KeyLike): string {
  const digit = /^(?:Digit|Numpad)(\d)$/.exec(event.code);
  if (digit) return digit[1] ?? '';
  const letter = /^Key([A-Z])$/.exec(event.code);
  if (letter) return event.shiftKey ? (letter[1] ?? '') : (letter[1] ?? '').toLowerCase();
  return (event.shiftKey ? SHIFTED[event.code] : undefined) ?? PLAIN[event.code] ?? '';
}

/** The character, or an empty text when the key has none. Vietnamese input methods (Telex, VNI) report `Process`. */
export function characterOf(event: KeyLike): string {
  // GS1 scanners send the group separator as Ctrl+].
  if (event.ctrlKey) return event.key === ']' || event.code === 'BracketRight' ? '\u001d' : '';
  if (event.isComposing || event.key === 'Process' || event.key === 'Unidentified') return byCode(event);
  return [...event.key].length === 1 ? event.key : '';
}
