import { expect, test } from 'vitest';
import { Texts } from '../i18n';
import { modelName } from './models';

const model = (id: string, name: string, columns: number) => ({ model: id, name, columns, cuts: true, pictures: true });

test('a model that no maker named speaks the language of the screens, a named one keeps its name', () => {
  const texts = new Texts();
  texts.locale = 'vi';
  const generic = modelName(texts, model('generic-80-42', 'Generic, 80 mm paper, 42 columns', 42));
  expect(generic).toContain('80 mm');
  expect(generic).toContain('42');
  expect(generic).not.toContain('paper');
  expect(modelName(texts, model('tm-t88v', 'Epson TM-T88V', 42))).toBe('Epson TM-T88V');
});
