import { expect, test } from 'vitest'
import { bucketOf, BUCKETS, profileBaseline } from './baseline.ts'

test('bucketOf() cuts the session clock in five minutes and gives the close to the last bucket', () => {
  expect([0, 299.9, 300, 7200, 14_219, 14_220, 14_400].map(bucketOf)).toEqual([0, 0, 1, 24, 47, 47, 47])
})

test('profileBaseline() is neutral, marked, and leaves unknown what it was not told', () => {
  const baseline = profileBaseline({ prevClose: 10, isSt: true })
  expect(baseline).toMatchObject({ kind: 'profile', prevClose: 10, isSt: true, adv20: NaN, bigTradeThreshold: 200_000 })
  expect(profileBaseline({ adv20: 1e9 }).bigTradeThreshold).toBe(500_000)
  expect([baseline.netRatioMean, baseline.netRatioSigma, baseline.bigDensityMean].map(({ length }) => length)).toEqual([BUCKETS, BUCKETS, BUCKETS])
})
