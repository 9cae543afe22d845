import { z } from 'zod'
import { defineEndpoint, type VendorReply } from '../endpoint.ts'
import { encodeGbk } from '../gbk.ts'
import { shownQuotes } from '../shown-quotes.ts'
import { sinaLine } from '../sina-quotes.ts'
import { codeOfPrefixed } from '../symbols.ts'

const FORBIDDEN: VendorReply = { status: 403, type: 'text/plain', body: 'Forbidden' }

function scriptReply(text: string): VendorReply {
  return { type: 'application/javascript; charset=GB18030', body: encodeGbk(text) }
}

/** 行情: one line per symbol, at most 800; an empty line for a symbol that is none. Asks for the referer of its own pages. */
export const sinaQuotes = defineEndpoint({
  vendor: 'sina',
  path: 'GET /sina/list=:symbols',
  ask: z.object({ symbols: z.string().regex(/^[a-z]{2}\d{6}(?:,[a-z]{2}\d{6}){0,799}$/) }),
  subject: () => ({ entity: 'hq' }),
  answer({ asked: { symbols }, headers }, context) {
    if (!String(headers['referer'] ?? '').startsWith('https://finance.sina.com.cn')) return FORBIDDEN
    const lines = symbols.split(',').flatMap((each) => {
      const [shown] = shownQuotes(context, 'sina', [codeOfPrefixed(each) ?? ''])
      if (shown === undefined) return [`var hq_str_${each}="";`]
      const line = sinaLine(shown.quote)
      return shown.isGarbled ? [line.replace(/,[^,]*,/, ',')] : shown.isRepeated ? [line, line] : [line]
    })
    return scriptReply(`${lines.join('\n')}\n`)
  },
  refuse: () => FORBIDDEN,
  invalid: () => FORBIDDEN,
})
