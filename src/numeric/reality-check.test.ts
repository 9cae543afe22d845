import { expect, test } from 'vitest'
import { seededRng } from '#core/rng.ts'
import { realityCheck } from './reality-check.ts'

const noise = (rng: ReturnType<typeof seededRng>, days: number) => Float64Array.from({ length: days }, () => 0.01 * rng.normal())

test('realityCheck() of trials without skill rejects at about the nominal rate', () => {
  const rng = seededRng('nothing there')
  let white = 0
  let spa = 0
  for (let run = 0; run < 250; run++) {
    const { whiteP, spaP } = realityCheck(
      Array.from({ length: 8 }, () => noise(rng, 120)),
      rng,
      { draws: 199, meanBlock: 3 },
    )
    if (whiteP <= 0.1) white++
    if (spaP <= 0.1) spa++
  }
  // 10 % nominal; 250 runs have a deviation of 1.9 %. A bootstrap of 120 days is a little too eager: 3 deviations and 2 %.
  expect(Math.abs(white / 250 - 0.1)).toBeLessThan(0.077)
  expect(Math.abs(spa / 250 - 0.1)).toBeLessThan(0.077)
})

test('realityCheck() finds one real edge among many, and poor trials do not blunt the SPA', () => {
  const rng = seededRng(9)
  const poor = Array.from({ length: 10 }, () => noise(rng, 250).map((value) => 5 * value - 0.03))
  const good = noise(rng, 250).map((value) => value + 0.002)
  const options = { draws: 500, meanBlock: 5 }
  const found = realityCheck([...poor, good], seededRng(1), options)
  expect(found.best).toBe(10)
  expect(found.spaP).toBeLessThan(0.05)
  expect(found.whiteP).toBeGreaterThan(found.spaP)
  // Ten hopeless companions change nothing.
  const alone = noise(seededRng(21), 250).map((value) => value + 0.0012)
  expect(realityCheck([...poor, alone], seededRng(1), options).spaP).toBe(realityCheck([alone], seededRng(1), options).spaP)
})

test('realityCheck() never says zero, gives a flat field 1, and refuses gaps', () => {
  const flat = [new Float64Array(30)]
  expect(realityCheck(flat, seededRng(1), { draws: 99, meanBlock: 3 })).toEqual({ best: 0, whiteP: 1, spaP: 1 })
  expect(realityCheck([Float64Array.from({ length: 60 }, (_, i) => 1 + 0.1 * Math.sin(i))], seededRng(1), { draws: 99, meanBlock: 3 }).whiteP).toBe(0.01)
  expect(() => realityCheck([Float64Array.of(1, NaN)], seededRng(1))).toThrow('Cannot run the reality check')
})
