export const THEMES = ['day', 'night', 'contrast'] as const;
export type Theme = (typeof THEMES)[number];

export function isTheme(text: string): text is Theme {
  return (THEMES as readonly string[]).includes(text);
}

export const SCALE_MIN = 80;
export const SCALE_MAX = 200;
export const SCALE_STEP = 5;

/** Keeps a scale within what the engine takes. */
export function clampScale(percent: number): number {
  return Math.min(SCALE_MAX, Math.max(SCALE_MIN, Math.round(percent)));
}

/** Puts theme, size and language on the page; everything is measured from the root's font size. */
export function applyLook(root: HTMLElement, theme: string, scalePercent: number, language: string): void {
  root.dataset['theme'] = isTheme(theme) ? theme : 'day';
  root.style.fontSize = `${(16 * clampScale(scalePercent)) / 100}px`;
  root.lang = language;
}
