import { barWire } from './bar-wire.ts'
import { openLive, socketAddress } from './live.ts'
import { useLiveList } from './state/live-list.ts'

/** Connect the live list to the server's socket for as long as the page lives. */
export function startLiveList(): void {
  const { fold, replace, connect } = useLiveList.getState()
  openLive({
    open: ({ opened, said, closed }) => {
      const socket = new WebSocket(socketAddress(location))
      socket.addEventListener('open', opened)
      socket.addEventListener('message', ({ data }) => said(data))
      socket.addEventListener('close', closed)
      return socket
    },
    target: {
      list: () => useLiveList.getState().list,
      fold: (frames) => fold(frames, Date.now()),
      replace,
      connect: (connection) => connect(connection, Date.now()),
    },
    bars: barWire,
    later: (run, milliseconds) => {
      const timer = setTimeout(run, milliseconds)
      return () => clearTimeout(timer)
    },
    random: Math.random,
  })
}
