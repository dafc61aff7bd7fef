import { FluentBundle, FluentResource } from '@fluent/bundle';
import { languageTag, type Locale } from './format';
import type { Arguments, Key } from './keys';

/** The very files that the receipts are printed from, and those of the screens, bundled at build time. */
const SOURCES = import.meta.glob<string>('../../../shared/locales/*/*.ftl', {
  query: '?raw',
  import: 'default',
  eager: true,
});

type Rest<K extends Key> = Arguments[K] extends null ? [] : [Arguments[K]];

function bundleOf(locale: Locale): FluentBundle {
  const bundle = new FluentBundle(languageTag(locale), { useIsolating: false });
  for (const [path, source] of Object.entries(SOURCES)) {
    if (path.includes(`/locales/${locale}/`)) bundle.addResource(new FluentResource(source));
  }
  return bundle;
}

/** The texts of the screens in the language that is set. */
export class Texts {
  locale = $state<Locale>('en');
  #bundles: Partial<Record<Locale, FluentBundle>> = {};

  #bundle(locale: Locale): FluentBundle {
    return (this.#bundles[locale] ??= bundleOf(locale));
  }

  #format(key: string, given: Record<string, string | number> | undefined): string | null {
    for (const locale of [this.locale, 'en'] as const) {
      const bundle = this.#bundle(locale);
      const message = bundle.getMessage(key);
      if (message?.value) return bundle.formatPattern(message.value, given ?? null, []);
    }
    return null;
  }

  /** The text of a key; its arguments are checked by the compiler. */
  t = <K extends Key>(key: K, ...rest: Rest<K>): string =>
    this.#format(key, rest[0] as Record<string, string | number> | undefined) ?? key;

  /** The text of a word that comes from the engine, such as `error-pin_wrong`; `fallback` when there is none. */
  word = (key: string, fallback: Key, given?: Record<string, string | number>): string =>
    this.#format(key, given) ?? this.#format(fallback, given) ?? key;
}
