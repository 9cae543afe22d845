import { expect, test } from 'vitest'
import { grainClassOf } from './tick.ts'

test('grainClassOf() keeps trades, aggregates and bars apart', () => {
  expect(['TBT', 'AGG3S', 'SNAPDIFF', 'BAR1M'].map((grain) => grainClassOf(grain as Parameters<typeof grainClassOf>[0]))).toEqual(['TBT', 'AGG', 'AGG', 'BAR'])
})
