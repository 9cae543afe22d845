import type { Page, Route, WebSocketRoute } from 'playwright-core'
import { replies, type Path, type Reply } from './replies.ts'

/** An answer the server may give: a reply, a refusal with its status, silence for ever, or no server at all. */
export type Answer<P extends Path> =
  | { readonly reply: Reply<P> }
  | { readonly status: number; readonly code: string; readonly message: string }
  | 'silence'
  | 'nobody'

/** Answer one endpoint in the browser instead of the server. A later answer replaces an earlier one. */
export async function answer<P extends Path>(page: Page, path: P, given: Answer<P>): Promise<void> {
  const pattern = new RegExp(`${path.slice('GET '.length)}(\\?|$)`)
  await page.unroute(pattern)
  await page.route(pattern, (route) => fulfil(route, given))
}

/** Answer every endpoint with the small whole replies, so that a test needs no server; what it is about it answers itself afterwards. */
export async function answerAll(page: Page): Promise<void> {
  for (const path of Object.keys(replies) as Path[]) await answer(page, path, { reply: replies[path] })
}

/** The server's end of `/ws` in the test's hand. */
export interface Socket {
  /** What the page has sent on the newest connection. */
  readonly heard: readonly Readonly<Record<string, unknown>>[]
  readonly connections: () => number
  readonly say: (frame: object) => void
  readonly hangUp: () => Promise<void>
  /** Refuse from now on, or accept again. */
  readonly refuse: (refused: boolean) => void
}

/** Take the socket of the page. Each subscription is answered with a snapshot of `rows` (k-line channels: of `bars`), or resumed when it says where it was. */
export async function takeSocket(page: Page, rows: readonly object[] = replies['GET /api/opportunities'].rows, bars: readonly object[] = []): Promise<Socket> {
  let wire: WebSocketRoute | undefined
  let heard: Readonly<Record<string, unknown>>[] = []
  let connections = 0
  let refused = false
  const say = (frame: object) => wire?.send(JSON.stringify(frame))
  await page.routeWebSocket(/\/ws$/, async (socket) => {
    if (refused) {
      await socket.close()
      return
    }
    wire = socket
    heard = []
    connections++
    socket.onMessage((text) => {
      const message = JSON.parse(String(text)) as { op: string; id?: string; ch?: string; since?: object }
      heard.push(message)
      if (message.op !== 'sub') return
      const mode = message.since === undefined ? 'snapshot' : 'resume'
      const ch = message.ch ?? 'opportunities'
      say({ op: 'ack', id: message.id, ch, epoch: 'e1', seq: 10, mode })
      if (mode === 'snapshot') say({ op: 'snap', ch, epoch: 'e1', seq: 10, data: ch.startsWith('kline:') ? bars : rows })
    })
  })
  return {
    get heard() {
      return heard
    },
    connections: () => connections,
    say,
    hangUp: async () => wire?.close(),
    refuse: (value) => {
      refused = value
    },
  }
}

async function fulfil<P extends Path>(route: Route, given: Answer<P>): Promise<void> {
  if (given === 'silence') return
  if (given === 'nobody') return route.abort('connectionrefused')
  if ('reply' in given) return route.fulfill({ json: given.reply })
  const { status, code, message } = given
  return route.fulfill({ status, json: { code, message, details: {}, request_id: 'req-1' } })
}
