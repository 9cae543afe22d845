import { readCode, type Code } from '#core/code.ts'
import { readSymbol } from '#core/symbol.ts'
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

/** A symbol of any market: an A-share code, `700.HK`, `AAPL.US`, `BTCUSDT`. */
export const symbolParam = z
  .string()
  .max(20)
  .transform((text, context): string => {
    try {
      return readSymbol(text)
    } catch (error) {
      // Expected: RangeError from readSymbol() on user text.
      context.addIssue({ code: 'custom', message: (error as Error).message })
      return z.NEVER
    }
  })

/** A label in both languages. */
export const labelField = z.object({ zh: z.string(), en: z.string() })

/** A number that may be unknown: null, never 0. */
export const known = z.number().nullable()

/** One of the seven fund-quality metrics: what it was, how unusual, what it added to the score. */
export const componentField = z.object({ metric: z.string(), value: known, z: known, weight: z.number(), contribution: known })

/** A trade date as YYYYMMDD that may be unknown. */
export const knownDate = z.number().nullable().describe('YYYYMMDD')

/** How many rows at most, between 1 and `most`. */
export function limitParam(most: number, usual: number) {
  return z.coerce.number().int().min(1).max(most).default(usual)
}

/** The first and last trade date of a question, both inclusive; absent = no bound on that side. */
export const rangeParams = { from: tradeDateParam.optional(), to: tradeDateParam.optional() }

/** A range as bound parameters of a statement. */
export function rangeBounds({ from, to }: { readonly from?: TradeDate | undefined; readonly to?: TradeDate | undefined }) {
  return { from: from ?? 0, to: to ?? 99_999_999 }
}
