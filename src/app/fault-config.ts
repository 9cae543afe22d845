import { UsageError } from '#core/errors.ts'
import { FAULT_KINDS, type FaultConfig } from '#market/fault.ts'
import { readFileSync, statSync } from 'node:fs'
import { resolve } from 'node:path'
import { z } from 'zod'

const MOST_BYTES = 65_536

const shape = z.strictObject({
  rates: z.partialRecord(z.enum(FAULT_KINDS as readonly [string, ...string[]]), z.number().min(0).max(1)),
  latencyMs: z.strictObject({ median: z.number().min(0).max(3_600_000), logSd: z.number().min(0).max(5) }).optional(),
  slowMs: z.number().int().min(0).max(120_000).optional(),
  retryAfterSeconds: z.number().int().min(0).max(3600).optional(),
})

/** The faults a JSON file asks for. Throws UsageError naming the file and what is wrong in it. */
export function readFaultFile(path: string, folder: string): FaultConfig {
  const full = resolve(folder, path)
  const refuse = (why: string) =>
    new UsageError(`Cannot read the faults in ${path}: ${why}. It is a JSON object such as {"rates":{"wrong_ohlc":0.001,"http_429":0.05}}`)
  const size = statSync(full, { throwIfNoEntry: false })
  if (size === undefined || !size.isFile()) throw refuse('there is no such file')
  if (size.size > MOST_BYTES) throw refuse(`it has ${size.size} bytes, at most ${MOST_BYTES} are read`)
  let found: unknown
  try {
    found = JSON.parse(readFileSync(full, 'utf8'))
  } catch (error) {
    // Expected: a file a person wrote by hand.
    throw refuse((error as Error).message)
  }
  const read = shape.safeParse(found)
  if (!read.success) throw refuse(read.error.issues.map(({ path: at, message }) => `${at.join('.')}: ${message}`).join('; '))
  const { latencyMs, slowMs, retryAfterSeconds, rates } = read.data
  return {
    rates,
    ...(latencyMs === undefined ? {} : { latencyMs }),
    ...(slowMs === undefined ? {} : { slowMs }),
    ...(retryAfterSeconds === undefined ? {} : { retryAfterSeconds }),
  }
}
