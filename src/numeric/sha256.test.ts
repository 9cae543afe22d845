import { createHash } from 'node:crypto'
import { expect, test } from 'vitest'
import { sha256 } from './sha256.ts'

const hex = (text: string) => [...sha256(text)].map((word) => word.toString(16).padStart(8, '0')).join('')

test('sha256() gives the digests of FIPS 180-4 for the empty text and abc', () => {
  expect(hex('')).toBe('e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855')
  expect(hex('abc')).toBe('ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad')
})

test('sha256() agrees with the platform on every length up to three blocks and beyond ASCII', () => {
  for (let length = 0; length < 200; length++) {
    const text = '模拟x'.repeat(60).slice(0, length)
    expect(hex(text)).toBe(createHash('sha256').update(text).digest('hex'))
  }
})
