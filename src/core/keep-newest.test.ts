import { expect, test } from 'vitest'
import { keepNewest } from './keep-newest.ts'

test('keepNewest() drops the oldest entry of too many, and putting one again makes it the newest', () => {
  const kept = new Map<string, number | undefined>()
  expect(keepNewest(kept, 'a', 1, 2)).toBe(1)
  keepNewest(kept, 'b', undefined, 2)
  expect(keepNewest(kept, 'a', 3, 2)).toBe(3)
  expect([...kept]).toEqual([
    ['b', undefined],
    ['a', 3],
  ])
  keepNewest(kept, 'c', 4, 2)
  expect([...kept.keys()]).toEqual(['a', 'c'])
})

test('keepNewest() lets the first made leave first where entries are only read', () => {
  const kept = new Map<number, number>()
  for (const key of [0, 1, 2, 0, 3]) if (!kept.has(key)) keepNewest(kept, key, 10 * key, 3)
  expect([...kept]).toEqual([
    [1, 10],
    [2, 20],
    [3, 30],
  ])
})
