import { describe, expect, test } from '@jest/globals';
import { webAddress } from '#src/mapping/codecs/web-address.js';

describe('an address that a client may follow', () => {
  test.each([
    'https://drive.google.com/file/d/1AbC/view?usp=sharing',
    'https://images.example.org/study/1.dcm',
    'HTTPS://example.org',
    'https://example.org:8443/a',
  ])('%s', (address) => {
    expect(webAddress.decode(address)).toBe(address);
  });

  test.each([
    'http://example.org/1',
    'ftp://example.org/1',
    'file:///etc/passwd',
    'javascript:alert(1)',
    'data:text/html,x',
    '//example.org/1',
    '/images/1.png',
    'see CD in the archive',
    'https://',
    'https://localhost/1',
    'https://pacs/1',
    'https://pacs.local/1',
    'https://pacs.hospital.internal./1',
    'https://10.0.0.5/1',
    'https://2130706433/',
    'https://0x7f.1/',
    'https://[::1]/',
    'https://user:secret@example.org/',
    'https://example.org@10.0.0.5/',
    'https://example.org/a b',
    'https://example.org\\@10.0.0.5/',
    'https://example.org/a\u0000b c',
  ])('%s is none', (address) => {
    expect(webAddress.decode(address)).toBeUndefined();
  });

  test('who asks for one that is none finds nothing', () => {
    const of = { column: 'url', as: 'text' } as const;
    expect(webAddress.preimage({ test: 'equals', text: 'http://10.0.0.5/' }, of).hi).toEqual({ op: 'false' });
  });
});
