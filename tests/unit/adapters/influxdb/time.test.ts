import { describe, expect, test } from '@jest/globals';
import { wholeNumber } from '#src/adapters/influxdb/driver.js';
import { floor, nanoseconds, spanOf, timeOfText, timeText } from '#src/adapters/influxdb/time.js';
import { parseExact } from '#src/source/exact-json.js';

describe('the time of a point', () => {
  const texts: readonly (readonly [bigint, string])[] = [
    [0n, '1970-01-01T00:00:00Z'],
    [-5n, '1969-12-31T23:59:59.999999995Z'],
    [1_700_000_000_000_000_000n, '2023-11-14T22:13:20Z'],
    [1_700_000_000_120_000_000n, '2023-11-14T22:13:20.120Z'],
    [1_700_000_000_000_001_000n, '2023-11-14T22:13:20.000001Z'],
    [1_700_000_000_000_000_001n, '2023-11-14T22:13:20.000000001Z'],
    [9_223_372_036_854_775_806n, '2262-04-11T23:47:16.854775806Z'],
    [-9_223_372_036_854_775_806n, '1677-09-21T00:12:43.145224194Z'],
  ];

  test('is exact to the nanosecond, there and back', () => {
    for (const [time, text] of texts) {
      expect(timeText(time)).toBe(text);
      expect(timeOfText(text)).toBe(time);
    }
    for (const text of ['2023-11-14T22:13:20', '2023-11-14T22:13:20.12Z', '2023-02-30T00:00:00Z', '2023-11-14', ''])
      expect(timeOfText(text)).toBeUndefined();
  });

  test('texts of different seconds are in the order of time', () => {
    const times = texts.map(([time]) => time).flatMap((time) => [time, time + 1_000_000_000n]);
    for (const a of times)
      for (const b of times.filter((one) => floor(one) !== floor(a))) expect(timeText(a) < timeText(b)).toBe(a < b);
  });

  test('a text spans the times that begin as it does', () => {
    const span = (text: string) => {
      const found = spanOf(text);
      return found && [found.from, found.until].map((at) => timeText(nanoseconds(at)).slice(0, 19));
    };
    expect(span('2024')).toEqual(['2024-01-01T00:00:00', '2025-01-01T00:00:00']);
    expect(span('2024-02')).toEqual(['2024-02-01T00:00:00', '2024-03-01T00:00:00']);
    expect(span('2024-12')).toEqual(['2024-12-01T00:00:00', '2025-01-01T00:00:00']);
    expect(span('2024-02-29')).toEqual(['2024-02-29T00:00:00', '2024-03-01T00:00:00']);
    expect(span('2024-02-29T10:11:12.5Z')).toEqual(['2024-02-29T10:11:12', '2024-02-29T10:11:13']);
    expect(span('2024-02-29T10:11')).toEqual(['2024-02-29T10:11:00', '2024-02-29T10:12:00']);
    expect(span('2024-02-29T10:61')).toEqual(['2024-02-29T10:00:00', '2024-02-29T11:00:00']);
    expect(span('2024-02-30')).toEqual(['2024-02-01T00:00:00', '2024-03-01T00:00:00']);
    expect(span('2024x')).toEqual(['2024-01-01T00:00:00', '2025-01-01T00:00:00']);
    expect(span('abc')).toBeUndefined();
    expect(span('')).toBeUndefined();
  });
});

test('JSON is read without loss', () => {
  const text =
    '{"a":9223372036854775807,"b":[-9007199254740993,12,1.5,1e21,0.1234567890123456],"c":"1234567890123456789","\\"1234567890123456789":"\\u00011234567890123456789","d":"\\\\"}';
  expect(parseExact(text, wholeNumber)).toEqual({
    a: 9223372036854775807n,
    b: [-9007199254740993n, 12, 1.5, 1e21, 0.1234567890123456],
    c: '1234567890123456789',
    '"1234567890123456789': '\u00011234567890123456789',
    d: '\\',
  });
  expect(() => parseExact('{"a":1234567890123456789', wholeNumber)).toThrow();
});
