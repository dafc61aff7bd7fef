// Writes src/i18n/keys.ts from the English texts: every key with its arguments.
import { parse } from '@fluent/syntax';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const LOCALES = fileURLToPath(new URL('../../shared/locales/', import.meta.url));
const OUT = fileURLToPath(new URL('../src/i18n/keys.ts', import.meta.url));

/** The files of a language: the register's screens, the office's, and what is printed. */
export const FILES = ['screens.ftl', 'office.ftl', 'receipt.ftl'];

function argumentsOf(node, found = new Set()) {
  if (Array.isArray(node)) for (const part of node) argumentsOf(part, found);
  else if (node && typeof node === 'object') {
    if (node.type === 'VariableReference') found.add(node.id.name);
    else for (const part of Object.values(node)) argumentsOf(part, found);
  }
  return found;
}

/** Every message of a language with its arguments; throws on text that is not Fluent and on a key that stands twice. */
export function messagesOf(locale, files = FILES) {
  const messages = new Map();
  for (const file of files) {
    const path = `${LOCALES}${locale}/${file}`;
    if (!existsSync(path)) continue;
    for (const entry of parse(readFileSync(path, 'utf8'), { withSpans: false }).body) {
      if (entry.type === 'Junk') throw new Error(`${locale}/${file}: not Fluent: ${entry.content.slice(0, 120)}`);
      if (entry.type !== 'Message') continue;
      if (messages.has(entry.id.name)) throw new Error(`${locale}/${file}: ${entry.id.name} stands twice`);
      messages.set(entry.id.name, [...argumentsOf(entry.value)].sort());
    }
  }
  return messages;
}

/** The TypeScript for the keys. */
export function keysSource() {
  const rows = [...messagesOf('en')]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([key, names]) => {
      const type = names.length === 0 ? 'null' : `{ ${names.map((name) => `${name}: string | number`).join('; ')} }`;
      return `  '${key}': ${type};`;
    });
  return [
    '// Written by `npm run keys` from shared/locales/en. Do not edit.',
    '',
    '/** Every text of the screens with the arguments it takes. */',
    'export interface Arguments {',
    ...rows,
    '}',
    '',
    'export type Key = keyof Arguments;',
    '',
  ].join('\n');
}

if (process.argv[1] === fileURLToPath(import.meta.url)) writeFileSync(OUT, keysSource());
