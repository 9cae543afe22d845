import { createHash } from 'node:crypto'
import { lstatSync, mkdirSync } from 'node:fs'
import { tmpdir, userInfo } from 'node:os'
import { join } from 'node:path'
import { ConfigError } from '#core/errors.ts'

/**
 * Where the processes of a world meet: a Unix socket (a named pipe on Windows) that only this user can open, named by the world's path. Unix
 * sockets have short names, so it lies in the user's own folder below the temporary directory, which is made when absent.
 * Throws ConfigError when that folder is somebody else's.
 */
export function socketPath(root: string, purpose: 'control' | 'engine'): string {
  const name = `${createHash('sha256').update(root).digest('hex').slice(0, 16)}-${purpose}`
  if (process.platform === 'win32') return `\\\\.\\pipe\\fupan-${name}`
  const { uid } = userInfo()
  const folder = join(tmpdir(), `fupan-${uid}`)
  mkdirSync(folder, { recursive: true, mode: 0o700 })
  const found = lstatSync(folder)
  if (found.uid !== uid || !found.isDirectory())
    throw new ConfigError(`Cannot listen in ${folder}: it was made by another user. Have it removed, or set TMPDIR to a folder of your own`)
  return join(folder, `${name}.sock`)
}
