import { readCode, type Code } from '#core/code.ts'
import { tradeDate, type TradeDate } from '#core/trade-date.ts'
import { z } from 'zod'

/** A trade date as YYYYMMDD or YYYY-MM-DD. */
export const tradeDateParam = z.string().transform((text, context): TradeDate => {
  try {
    return tradeDate(text)
  } catch (error) {
    // Expected: RangeError from tradeDate() on user text.
    context.addIssue({ code: 'custom', message: (error as Error).message })
    return z.NEVER
  }
})

/** A security code in any spelling `readCode` knows. */
export const codeParam = z
  .string()
  .max(20)
  .transform((text, context): Code => {
    try {
      return readCode(text)
    } catch (error) {
      // Expected: RangeError from readCode() on user text.
      context.addIssue({ code: 'custom', message: (error as Error).message })
      return z.NEVER
    }
  })

/** A label in both languages. */
export const labelField = z.object({ zh: z.string(), en: z.string() })

/** A number that may be unknown: null, never 0. */
export const known = z.number().nullable()
