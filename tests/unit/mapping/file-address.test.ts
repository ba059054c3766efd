import { expect, test } from '@jest/globals';
import { fileAddress } from '#src/mapping/file-address.js';

const locate = fileAddress({ 'https://drive.example/file/d/{}/': 'https://drive.example/uc?export=download&id={}' });

test('the file of a page lies elsewhere', () => {
  expect(locate('https://drive.example/file/d/1A-b_C/view?usp=sharing')).toBe(
    'https://drive.example/uc?export=download&id=1A-b_C',
  );
  expect(locate("https://drive.example/file/d/$&'/view")).toBe("https://drive.example/uc?export=download&id=$&'");
});

test.each([
  'https://images.example.org/files/1.jpg',
  'https://drive.example/file/d//view',
  'https://drive.example/file/d/1AbC',
  'https://driveXexample/file/d/1AbC/view',
  'https://evil.example/?https://drive.example/file/d/1AbC/view',
])('%s is its own', (address) => {
  expect(locate(address)).toBe(address);
});
