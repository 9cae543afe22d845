import { openLive, socketAddress, type Wire } from './live.ts'
import { useLiveList } from './state/live-list.ts'

/** Connect the live list to the server's socket for as long as the page lives. */
export function startLiveList(): void {
  const { fold, replace, connect } = useLiveList.getState()
  openLive({
    // A WebSocket hands its handlers an event each; a Wire promises less.
    open: () => new WebSocket(socketAddress(location)) as Wire,
    target: {
      list: () => useLiveList.getState().list,
      fold: (frames) => fold(frames, Date.now()),
      replace,
      connect: (connection) => connect(connection, Date.now()),
    },
    later: (run, milliseconds) => {
      const timer = setTimeout(run, milliseconds)
      return () => clearTimeout(timer)
    },
    random: Math.random,
  })
}
