import { expect, test } from 'vitest'
import { codingFor } from './kline-encoded.ts'
import { ByteLru } from './kline-lru.ts'

test('ByteLru lets the value unused longest go when the bytes are spent, and keeps nothing larger than all of them', () => {
  const kept = new ByteLru<{ readonly name: string; readonly bytes: number }>(10)
  const put = (name: string, bytes: number) => kept.set(name, { name, bytes })
  put('a', 4)
  put('b', 4)
  expect(kept.get('a')?.name).toBe('a')
  put('c', 4)
  expect(['a', 'b', 'c'].map((name) => kept.get(name)?.name)).toEqual(['a', undefined, 'c'])
  put('huge', 11)
  put('a', 6)
  expect([kept.bytes, kept.get('huge')]).toEqual([10, undefined])
  kept.clear()
  expect([kept.bytes, kept.get('a')]).toEqual([0, undefined])
})

test('codingFor() takes the coding the client weighs highest, ours first among equals', () => {
  expect(['gzip, deflate, br, zstd', 'gzip;q=1, br;q=0.5', 'zstd, gzip', '*', 'deflate', 'br;q=0', '', undefined].map(codingFor)).toEqual([
    'br',
    'gzip',
    'zstd',
    'br',
    undefined,
    undefined,
    undefined,
    undefined,
  ])
  expect(codingFor('br;q=0, *')).toBe('zstd')
})
