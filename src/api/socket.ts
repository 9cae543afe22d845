import type { FastifyInstance } from 'fastify'

/** What a channel needs from the socket: text frames, and how full its buffer is. */
export interface Wire {
  send(frame: string): void
  bufferedBytes(): number
  close(code: number, reason: string): void
}

/** One client's place in the channels: told what arrives, told when it leaves. */
export interface Subscriber {
  receive(text: string): void
  leave(): void
}

/** Who accepts clients; the fast river behind it is wired in `app/`. */
export interface SocketChannels {
  join(wire: Wire): Subscriber
}

/** `/ws`: one socket for every channel (protocol of spec intraday §15.2). */
export function serveSocket(server: FastifyInstance, channels: SocketChannels): void {
  server.register(async (scope) => {
    scope.get('/ws', { websocket: true, schema: { hide: true } }, (socket) => {
      const subscriber = channels.join({
        send: (frame) => socket.send(frame),
        bufferedBytes: () => socket.bufferedAmount,
        close: (code, reason) => socket.close(code, reason),
      })
      socket.on('message', (data: Buffer, isBinary: boolean) => (isBinary ? socket.close(1003, 'text frames only') : subscriber.receive(data.toString('utf8'))))
      socket.on('close', () => subscriber.leave())
      socket.on('error', () => socket.terminate())
    })
  })
}
