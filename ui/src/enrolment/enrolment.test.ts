import { describe, expect, it } from 'vitest';
import { checkEnrolment, serverAddress } from './enrolment';

describe('serverAddress', () => {
  it('takes https when nothing is said, and http near by', () => {
    expect(serverAddress('kedai.example')).toBe('https://kedai.example');
    expect(serverAddress('127.0.0.1:8787/')).toBe('http://127.0.0.1:8787');
    expect(serverAddress('localhost:8787')).toBe('http://localhost:8787');
    expect(serverAddress('192.168.1.20:8080')).toBe('http://192.168.1.20:8080');
  });
  it('keeps what was said', () => {
    expect(serverAddress(' http://kedai.example/shop/ ')).toBe('http://kedai.example/shop');
  });
  it('refuses what is no address', () => {
    for (const text of ['', '   ', 'a b', 'ftp://kedai.example', 'https://']) expect(serverAddress(text)).toBeNull();
  });
});

describe('checkEnrolment', () => {
  it('makes the input of the command', () => {
    expect(checkEnrolment({ server: 'kedai.example', code: ' ab12-cd34 ', name: ' Front ' })).toEqual({
      ok: true,
      input: { server_url: 'https://kedai.example', pairing_code: 'AB12-CD34', device_name: 'Front' },
    });
  });
  it('names every field that cannot be', () => {
    expect(checkEnrolment({ server: '', code: 'x', name: ' ' })).toEqual({
      ok: false,
      wrong: ['server', 'code', 'name'],
    });
  });
});
