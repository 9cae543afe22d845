import fc from 'fast-check'
import { expect, test } from 'vitest'
import { withoutTrailingError } from './http-stream.ts'

const tag = 'hialbyciobecklnw'
const message = 'Code: 395. DB::Exception: boom. (SOME_CLASS)'
const trailer = `\r\n__exception__\r\n${tag}\r\n${message}\n${message.length + 1} ${tag}\r\n__exception__\r\n`

async function read(body: Buffer, cuts: readonly number[]): Promise<{ seen: Buffer; error?: string }> {
  const places = [0, ...cuts.map((cut) => cut % (body.length + 1)).toSorted((a, b) => a - b), body.length]
  const seen: Buffer[] = []
  const chunks = async function* () {
    for (const [i, end] of places.slice(1).entries()) yield body.subarray(places[i], end)
  }
  try {
    for await (const piece of withoutTrailingError(chunks(), tag)) seen.push(piece)
    return { seen: Buffer.concat(seen) }
  } catch (error) {
    return { seen: Buffer.concat(seen), error: (error as Error).message }
  }
}

test('withoutTrailingError() passes a whole body through and turns a trailer into an error, wherever it is cut', async () => {
  await fc.assert(
    fc.asyncProperty(fc.uint8Array({ maxLength: 300 }), fc.array(fc.nat(), { maxLength: 30 }), fc.boolean(), async (bytes, cuts, fails) => {
      const body = Buffer.from(bytes)
      const { seen, error } = await read(fails ? Buffer.concat([body, Buffer.from(trailer)]) : body, cuts)
      expect(error).toBe(fails ? message : undefined)
      if (fails) expect(body.subarray(0, seen.length).equals(seen)).toBe(true)
      else expect(seen.equals(body)).toBe(true)
    }),
  )
})
