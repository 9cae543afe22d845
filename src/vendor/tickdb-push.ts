import type { FastifyInstance } from 'fastify'
import type { VendorContext } from './endpoint.ts'
import { shownQuotes } from './shown-quotes.ts'
import { z } from 'zod'

/** The path of the push channel. */
const PUSH_PATH = '/tickdb/v1/realtime'

const MOST_SYMBOLS = 200
const MOST_CLIENTS = 20

const symbols = z
  .array(z.string().regex(/^[A-Z0-9.]{1,20}$/))
  .min(1)
  .max(MOST_SYMBOLS)

const message = z.discriminatedUnion('cmd', [
  z.strictObject({ cmd: z.literal('ping') }),
  z.strictObject({ cmd: z.literal('subscribe'), data: z.strictObject({ channel: z.literal('ticker'), symbols }) }),
  z.strictObject({ cmd: z.literal('unsubscribe'), data: z.strictObject({ channel: z.literal('ticker'), symbols }) }),
])

/**
 * 推送: the generic push of spec intraday §4.7 in TickDB's manner: connect with `?api_key=`, subscribe, then one message per picture that says something new, numbered from 1 without
 * holes on each connection. Prices are text, volumes shares, `timestamp` the vendor's milliseconds. A client that does not read is let go.
 */
export function servePush(server: FastifyInstance, context: VendorContext, everyMs: number): void {
  let clients = 0
  server.register(async (scope) => {
    scope.get(PUSH_PATH, { websocket: true }, (socket, request) => {
      const { api_key: key } = request.query as { readonly api_key?: unknown }
      if (key !== context.token) return socket.close(4001, 'API key is invalid')
      if (clients >= MOST_CLIENTS) return socket.close(4003, 'too many connections')
      clients++
      const wanted = new Map<string, string>()
      let sequence = 0
      const say = (body: object) => socket.send(JSON.stringify(body))
      const push = () => {
        if (socket.bufferedAmount > 4_000_000) return socket.terminate()
        for (const { quote, isGarbled, isRepeated } of shownQuotes(context, 'tickdb', [...wanted.keys()])) {
          const picture = `${quote.at > 0 ? quote.last : 0} ${quote.volume}`
          if (quote.last === 0 || wanted.get(quote.code) === picture) continue
          wanted.set(quote.code, picture)
          const data = {
            symbol: quote.code,
            last_price: isGarbled ? 'NaN' : quote.last.toFixed(2),
            open: quote.open.toFixed(2),
            high: quote.high.toFixed(2),
            low: quote.low.toFixed(2),
            prev_close: quote.prevClose.toFixed(2),
            volume: String(quote.volume),
            amount: quote.amount.toFixed(2),
            bids: quote.bids.map(({ price, volume }) => [price.toFixed(2), String(volume)]),
            asks: quote.asks.map(({ price, volume }) => [price.toFixed(2), String(volume)]),
            timestamp: quote.at,
          }
          sequence++
          for (let copy = 0; copy < (isRepeated ? 2 : 1); copy++) say({ cmd: 'ticker', seq: sequence, data })
        }
        return undefined
      }
      const timer = setInterval(push, everyMs)
      timer.unref()
      socket.on('message', (raw: Buffer, isBinary: boolean) => {
        const read = isBinary ? undefined : parsed(raw.toString('utf8'))
        if (read === undefined) return say({ code: 2001, message: 'the message is not understood' })
        if (read.cmd === 'ping') return say({ cmd: 'pong', timestamp: context.now() })
        for (const symbol of read.data.symbols) {
          if (read.cmd === 'unsubscribe') wanted.delete(symbol)
          else if (context.desk.stock(symbol) === undefined) say({ code: 2002, message: `symbol ${symbol} is unknown` })
          else if (wanted.size >= MOST_SYMBOLS) say({ code: 3004, message: `at most ${MOST_SYMBOLS} symbols a connection` })
          else wanted.set(symbol, '')
        }
        return say({ code: 0, message: 'success', cmd: read.cmd })
      })
      socket.on('close', () => {
        clients--
        clearInterval(timer)
      })
      socket.on('error', () => socket.terminate())
      return undefined
    })
  })
}

function parsed(text: string): z.output<typeof message> | undefined {
  try {
    return message.safeParse(JSON.parse(text)).data
  } catch {
    // Expected: what a client sends may be no JSON.
    return undefined
  }
}
