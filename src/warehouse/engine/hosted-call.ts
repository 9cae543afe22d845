import { deserialize, serialize } from 'node:v8'
import { ConfigError } from '#core/errors.ts'
import type { Statement } from './client-engine.ts'
import { EngineError, type EngineErrorKind } from './engine.ts'

/**
 * One statement on its way to an engine in a process of its own, serialised as the body of a request; the reply's body is the result. How it failed
 * is a trailer of the reply, because a result may fail in its middle.
 */
export interface HostedCall extends Omit<Statement, 'signal'> {
  /** By which a second request cancels it. */
  readonly id: string
  readonly does: 'text' | 'native' | 'nativeWhole'
}

export const FAILURE = 'x-failure'
/** A trailer is a header: what a failure says beyond this is cut off. */
export const MOST_HEADER_BYTES = 65_536
const MOST_MESSAGE = 8000

const kinds = [RangeError, TypeError, ConfigError]

interface Failure {
  readonly name: string
  readonly message: string
  readonly kind?: EngineErrorKind
  readonly code?: string | number
}

/** An error as text without line ends. */
export function packFailure(error: unknown): string {
  const { name, message, kind, code } = error as Failure
  return serialize({ name, message: message.slice(0, MOST_MESSAGE), kind, code } satisfies Record<keyof Failure, unknown>).toString('base64')
}

/** The error packFailure was given, as far as callers tell errors apart: its class, kind, number and message. */
export function unpackFailure(text: string): Error {
  const { name, message, kind, code } = deserialize(Buffer.from(text, 'base64')) as Failure
  if (kind !== undefined) return new EngineError(kind, message, typeof code === 'number' ? { code } : {})
  const Kind = kinds.find((each) => each.name === name) ?? Error
  return Object.assign(new Kind(message), code === undefined ? {} : { code })
}
