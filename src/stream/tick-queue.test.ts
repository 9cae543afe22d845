import { expect, test } from 'vitest'
import type { Tick } from '#core/tick.ts'
import { TickQueue } from './tick-queue.ts'

const batch = (...seqs: number[]) => seqs.map((seq) => ({ seq })) as unknown as readonly Tick[]

test('TickQueue hands batches over in order, and push() waits until the reader comes for more', async () => {
  const queue = new TickQueue()
  const seen: number[] = []
  const reading = (async () => {
    for await (const ticks of queue) {
      await new Promise((resolve) => setImmediate(resolve))
      seen.push(...ticks.map(({ seq }) => seq))
    }
  })()
  for (const k of [0, 1, 2]) {
    await queue.push(batch(2 * k, 2 * k + 1))
    expect(seen).toEqual(Array.from({ length: 2 * k + 2 }, (_, i) => i))
  }
  await queue.push([])
  queue.end()
  await reading
  await queue.push(batch(99))
  expect(seen).toEqual([0, 1, 2, 3, 4, 5])
})

test('a reader that goes away lets the writer go on', async () => {
  const queue = new TickQueue()
  const reading = (async () => {
    for await (const _ of queue) return
  })()
  await expect(queue.push(batch(1))).resolves.toBeUndefined()
  await reading
  await expect(queue.push(batch(2))).resolves.toBeUndefined()
})
