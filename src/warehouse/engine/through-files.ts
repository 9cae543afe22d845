import { randomUUID } from 'node:crypto'
import { mkdirSync, rmSync } from 'node:fs'
import { open, rm, symlink } from 'node:fs/promises'
import { join } from 'node:path'
import type { Statement, Wire } from './client-engine.ts'

/** Make the folder for files that live as long as one statement; those of a process that was killed are removed. */
export function clearSpool(directory: string): void {
  rmSync(spoolIn(directory), { recursive: true, force: true })
  mkdirSync(spoolIn(directory))
}

/**
 * What goes in and out of an engine of this machine through files: bodies sent to the local client are decoded as text and corrupted (spec engine
 * §9), and a file costs no more than a copy. `run` sends a statement; the engine on `directory` has cleared its spool.
 */
export function throughFiles(directory: string, run: (statement: Statement) => Promise<unknown>): Pick<Wire, 'insertNative' | 'insertFile' | 'writeParquet'> {
  /** A name without characters that mean something to the engine's file patterns, for the time of one statement. */
  const insert = async (fill: (path: string) => Promise<void>, format: 'Parquet' | 'Native', statement: Statement): Promise<void> => {
    const path = join(spoolIn(directory), randomUUID())
    try {
      await fill(path)
      await run({ ...statement, query: `${statement.query} from infile ${quoted(path)} compression 'none' format ${format}` })
    } finally {
      await rm(path, { force: true })
    }
  }
  return {
    insertNative: (pieces, statement) => insert((path) => writePieces(path, pieces), 'Native', statement),
    insertFile: (file, format, statement) => insert((path) => symlink(file, path), format, statement),
    writeParquet: async (path, statement) => {
      await run({ ...statement, query: `${statement.query}\ninto outfile ${quoted(path)} compression 'none' format Parquet` })
    },
  }
}

function spoolIn(directory: string): string {
  return join(directory, 'fupan-spool')
}

async function writePieces(path: string, pieces: readonly Uint8Array[]): Promise<void> {
  const file = await open(path, 'wx')
  try {
    for (const piece of pieces) await file.writeFile(piece)
  } finally {
    await file.close()
  }
}

function quoted(path: string): string {
  return `'${path.replaceAll('\\', '\\\\').replaceAll("'", "\\'")}'`
}
