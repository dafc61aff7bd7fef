import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { keysSource, messagesOf } from '../../scripts/keys.mjs';
import { ALL_CODES } from '../api/schema';

const english = messagesOf('en');

describe('texts', () => {
  it('has the keys that the screens are compiled with', () => {
    expect(readFileSync(join(import.meta.dirname, 'keys.ts'), 'utf8')).toBe(keysSource());
  });

  it.each(['id', 'vi'])('has every key with the same arguments in %s', (locale) => {
    expect(Object.fromEntries(messagesOf(locale))).toEqual(Object.fromEntries(english));
  });

  it('has a text for every error of the engine', () => {
    const missing = [...ALL_CODES, 'engine_gone', 'engine_garbled'].filter((code) => !english.has(`error-${code}`));
    expect(missing).toEqual([]);
  });

  it('has no text of the screens that nothing shows', () => {
    const source = sources(join(import.meta.dirname, '..')).join('\n');
    const composed = /^(error|event|notice|permission|printer-error|sync-error|role|help|age|nav|page|theme)-/;
    const unused = [...messagesOf('en', ['screens.ftl', 'office.ftl']).keys()].filter(
      (key) => !composed.test(key) && !source.includes(`'${key}'`) && !mayBeComposed(key, source),
    );
    expect(unused).toEqual([]);
  });
});

/** `print-${state}` shows every key that begins with `print-`. */
function mayBeComposed(key: string, source: string): boolean {
  const parts = key.split('-');
  return parts.some((_, at) => at > 0 && source.includes(`\`${parts.slice(0, at).join('-')}-\${`));
}

function sources(folder: string): string[] {
  return readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) return entry.name === 'bindings' ? [] : sources(path);
    const counts = /\.(svelte|ts)$/.test(entry.name) && entry.name !== 'keys.ts' && !entry.name.endsWith('.test.ts');
    return counts ? [readFileSync(path, 'utf8')] : [];
  });
}
