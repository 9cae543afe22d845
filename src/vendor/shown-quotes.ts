import type { VendorContext } from './endpoint.ts'
import { faultyQuote, type FaultyQuote } from './faulty-quote.ts'

/** The pictures of some codes as one vendor shows them now, in the order asked; codes that are not listed are left out. */
export function shownQuotes({ desk, plan, now, onFault }: VendorContext, vendor: string, codes: readonly string[]): readonly FaultyQuote[] {
  const at = now()
  const date = desk.dateAt(at)
  if (date === undefined) return []
  return codes.flatMap((code) => {
    const quote = desk.quote(code, at)
    return quote === undefined ? [] : [faultyQuote(plan, vendor, quote, at, date, (before) => desk.quote(code, before), onFault)]
  })
}
