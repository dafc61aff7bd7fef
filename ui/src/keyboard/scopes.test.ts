import { expect, it } from 'vitest';
import { Scopes } from './scopes';
import { actionOf, leavesThePage } from './shortcuts';

const key = (key: string, more: Partial<Parameters<typeof actionOf>[0]> = {}) => ({
  key,
  ctrlKey: false,
  altKey: false,
  metaKey: false,
  ...more,
});

it('gives a scan to what is on top', () => {
  const scopes = new Scopes();
  const heard: string[] = [];
  scopes.open({ scan: (code) => heard.push(`register ${code}`) });
  const close = scopes.open({ scan: (code) => heard.push(`dialog ${code}`) });
  scopes.scan('1');
  close();
  scopes.scan('2');
  expect(heard).toEqual(['dialog 1', 'register 2']);
});

it('lets nothing through a dialog that does not take it', () => {
  const scopes = new Scopes();
  let paid = 0;
  scopes.open({ actions: { pay: () => (paid += 1) }, scan: () => (paid += 1), digit: () => true });
  const close = scopes.open({ modal: true });
  expect(scopes.act('pay')).toBe(false);
  expect(scopes.scan('123')).toBe(false);
  expect(scopes.digit('1')).toBe(false);
  close();
  expect(scopes.act('pay')).toBe(true);
  expect(paid).toBe(1);
});

it('goes on to the scope below when one does not use a key', () => {
  const scopes = new Scopes();
  const digits: string[] = [];
  scopes.open({ digit: (char) => digits.push(char) > 0 });
  scopes.open({ digit: () => false });
  expect(scopes.digit('7')).toBe(true);
  expect(digits).toEqual(['7']);
});

it('knows its keys and leaves letters alone', () => {
  expect(actionOf(key('F9'))).toBe('pay');
  expect(actionOf(key('z', { ctrlKey: true }))).toBe('undo');
  expect(actionOf(key('z'))).toBeNull();
  expect(actionOf(key('+'))).toBeNull();
  expect(actionOf(key('F5'))).toBeNull();
});

it('keeps the page: no reload, no printing, no way back', () => {
  expect(leavesThePage(key('F5'))).toBe(true);
  expect(leavesThePage(key('r', { ctrlKey: true }))).toBe(true);
  expect(leavesThePage(key('p', { metaKey: true }))).toBe(true);
  expect(leavesThePage(key('ArrowLeft', { altKey: true }))).toBe(true);
  expect(leavesThePage(key('F9'))).toBe(false);
  expect(leavesThePage(key('r'))).toBe(false);
});
