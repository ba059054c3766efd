import { describe, expect, test } from '@jest/globals';
import { writtenDate } from '#src/mapping/codecs/written-date.js';

const zone = 'Asia/Kolkata';

describe('dates in several notations', () => {
  test.each([
    ['2024-03-05', '2024-03-05'],
    ['2024-03', '2024-03'],
    ['2024-03-05T10:30:00', '2024-03-05T10:30:00+05:30'],
    ['2024-03-05T10:30:00Z', '2024-03-05T10:30:00Z'],
    ['05/03/2024', '2024-03-05'],
    ['5/3/2024', '2024-03-05'],
    ['05.03.2024', '2024-03-05'],
    ['05-03-2024', '2024-03-05'],
    ['5 Mar 2024', '2024-03-05'],
    ['5th March 2024', '2024-03-05'],
    ['5-MAR-2024', '2024-03-05'],
    ['March 5, 2024', '2024-03-05'],
    ['Sept. 5 2024', '2024-09-05'],
    ['29/02/2024', '2024-02-29'],
  ])('%s is %s, day first', (written, date) => {
    expect(writtenDate('day-first', zone).decode(written)).toBe(date);
  });

  test.each([
    '03/25/2024',
    '29/02/2023',
    '05/03/24',
    '05/03-2024',
    '5 Ma 2024',
    '5 Marvellous 2024',
    'March 2024',
    'soon',
    '2024/03/05',
    '00/03/2024',
    '1/1/0000',
  ])('%s is no date, rather than a guess', (written) => {
    expect(writtenDate('day-first', zone).decode(written)).toBeUndefined();
  });

  test('the declared order decides, and nothing else', () => {
    expect(writtenDate('month-first', zone).decode('05/03/2024')).toBe('2024-05-03');
    expect(writtenDate('month-first', zone).decode('25/03/2024')).toBeUndefined();
  });

  test('what a column holds stays where it says the same', () => {
    expect(writtenDate('day-first', zone).encode('2024-03-05', '05/03/2024')).toBe('05/03/2024');
    expect(writtenDate('day-first', zone).encode('2024-03-06', '05/03/2024')).toBe('2024-03-06');
  });
});
