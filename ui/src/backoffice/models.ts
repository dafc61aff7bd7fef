import type { ModelView } from '../api/bindings/ModelView';
import type { Texts } from '../i18n';

/** A model as people know it; those that no maker named have a name in the language of the screens. */
export function modelName(texts: Pick<Texts, 't'>, model: ModelView): string {
  const width = /^generic-(\d+)/.exec(model.model)?.[1];
  return width ? texts.t('printers-model-generic', { width, columns: model.columns }) : model.name;
}
