import { readFileSync, readlinkSync } from 'node:fs'

/** What can be said of the processes of this machine. A fake stands in for it in tests. */
export interface ProcessTable {
  /** Names the set of pids this process can see: pids of another space say nothing. */
  readonly space: string
  /** A text that belongs to this very process and not to a later one with the same pid; absent when there is none (or only its corpse). */
  readonly markOf: (pid: number) => string | undefined
}

/** The processes of this host. On Linux the mark is boot and start time, elsewhere only "alive". */
export function processTable(hostName: string): ProcessTable {
  const namespace = tryRead(() => readlinkSync('/proc/self/ns/pid'))
  return { space: namespace === undefined ? hostName : `${hostName} ${namespace}`, markOf: namespace === undefined ? aliveMark : linuxMark }
}

function linuxMark(pid: number): string | undefined {
  const stat = tryRead(() => readFileSync(`/proc/${pid}/stat`, 'utf8'))
  // proc_pid_stat(5): the name may hold spaces and brackets, so fields are counted from the last one; state is field 3, starttime field 22.
  const fields = stat?.slice(stat.lastIndexOf(')') + 2).split(' ')
  if (fields === undefined || fields[0] === 'Z' || fields[0] === 'X') return undefined
  return `${tryRead(() => readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim()) ?? 'boot'} ${fields[19]}`
}

function aliveMark(pid: number): string | undefined {
  try {
    process.kill(pid, 0)
    return 'alive'
  } catch (error) {
    // Expected: ESRCH for no such process, EPERM for one of another user.
    return (error as NodeJS.ErrnoException).code === 'EPERM' ? 'alive' : undefined
  }
}

function tryRead(read: () => string): string | undefined {
  try {
    return read()
  } catch {
    // Expected: no /proc here, or the process is gone.
    return undefined
  }
}
