import { expect, test } from 'vitest'
import { clockFrom, dateFrom, localTimeFrom } from './timestamp.ts'

test('dateFrom() reads the spellings of vendors and refuses what is no day', () => {
  for (const text of ['20240105', '2024-01-05', '2024/1/5', '2024.01.05', '20240105.0', ' 20240105 ']) expect(dateFrom(text), text).toBe(20240105)
  for (const text of ['', '20240230', '2024-13-01', '240105', '18991231', '2024-01-05x', 'None']) expect(dateFrom(text), text).toBeUndefined()
})

test('clockFrom() reads times with and without separators', () => {
  expect(clockFrom('09:30')).toBe(34_200_000)
  expect(clockFrom('9:30:05')).toBe(34_205_000)
  expect(clockFrom('09:25:00.940')).toBe(33_900_940)
  expect(clockFrom('09:25:00.940123')).toBe(33_900_940)
  expect(clockFrom('93005')).toBe(34_205_000)
  expect(clockFrom('093005250')).toBe(34_205_250)
  for (const text of ['', '25:00', '09:61', '9', 'noon']) expect(clockFrom(text), text).toBeNaN()
})

test('localTimeFrom() reads a date with a time of day, and refuses a zone', () => {
  const expected = { date: 20200102, timeOfDayMs: 34_200_250 }
  for (const text of ['2020.01.02T09:30:00.250', '2020-01-02 09:30:00.250000', '2020/1/2 9:30:00.25', '20200102093000250', '20200102 09:30:00.250'])
    expect(localTimeFrom(text), text).toEqual(expected)
  for (const text of ['2020-01-02', '2020-01-02T09:30:00Z', '2020-02-30 09:30:00', '09:30:00']) expect(localTimeFrom(text), text).toBeUndefined()
})
