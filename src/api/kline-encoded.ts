import { createHash } from 'node:crypto'
import { promisify } from 'node:util'
import { brotliCompress, constants, gzip, zstdCompress } from 'node:zlib'
import type { FastifyReply, FastifyRequest } from 'fastify'

/** Content codings we answer in, the one we like best first. */
const CODINGS = ['br', 'zstd', 'gzip'] as const

type Coding = (typeof CODINGS)[number]

/** Smaller bodies gain nothing. */
const COMPRESS_FROM = 1024

const compress: Readonly<Record<Coding, (body: Buffer) => Promise<Buffer>>> = {
  br: (body) => promisify(brotliCompress)(body, { params: { [constants.BROTLI_PARAM_QUALITY]: 5, [constants.BROTLI_PARAM_SIZE_HINT]: body.length } }),
  zstd: (body) => promisify(zstdCompress)(body),
  gzip: (body) => promisify(gzip)(body),
}

const PREFIX = '{"code":0,"message":"ok","data":'

/** A reply encoded once and sent many times: its bytes, its compressed forms as they were first asked for, and a tag made of its content. */
export class EncodedReply {
  readonly body: Buffer
  readonly etag: string
  readonly cacheControl: string
  readonly #coded = new Map<Coding, Promise<Buffer>>()

  /** `data` is the JSON of the reply's data. */
  constructor(data: string, cacheControl: string) {
    this.body = Buffer.from(`${PREFIX}${data}}`)
    this.etag = `W/"${createHash('sha1').update(this.body).digest('base64url')}"`
    this.cacheControl = cacheControl
  }

  /** The JSON of the data alone, for a reply that holds several. */
  get data(): string {
    return this.body.toString('utf8', PREFIX.length, this.body.length - 1)
  }

  /** About the memory it takes, its compressed forms included. */
  get bytes(): number {
    return Math.ceil(this.body.length * 1.6) + 500
  }

  coded(coding: Coding): Promise<Buffer> {
    return this.#coded.getOrInsertComputed(coding, () => compress[coding](this.body))
  }
}

/** Send an encoded reply: 304 when the client has it already, else in the best coding the client takes. */
export async function sendEncoded(encoded: EncodedReply, request: FastifyRequest, reply: FastifyReply): Promise<FastifyReply> {
  reply.header('ETag', encoded.etag).header('Cache-Control', encoded.cacheControl).header('Vary', 'Accept-Encoding')
  if (isKnown(encoded.etag, request.headers['if-none-match'])) return reply.code(304).send()
  const coding = encoded.body.length < COMPRESS_FROM ? undefined : codingFor(request.headers['accept-encoding'])
  reply.type('application/json; charset=utf-8').serializer(asIs)
  if (coding === undefined) return reply.send(encoded.body)
  return reply.header('Content-Encoding', coding).send(await encoded.coded(coding))
}

/** Fastify sends bytes as they are; its type for a serializer speaks of text. */
function asIs(bytes: unknown): string {
  return bytes as string
}

/** Weak comparison (RFC 9110 §13.1.2): the prefix does not count, a star is any. */
function isKnown(etag: string, ifNoneMatch: string | undefined): boolean {
  if (ifNoneMatch === undefined) return false
  const plain = etag.replace(/^W\//, '')
  return ifNoneMatch === '*' || ifNoneMatch.split(',').some((each) => each.trim().replace(/^W\//, '') === plain)
}

/** The coding with the highest weight, ours first among equals; nothing when the client names none of them. */
export function codingFor(accepted: string | undefined): Coding | undefined {
  if (accepted === undefined || accepted === '') return undefined
  const weights = new Map(
    accepted.split(',').map((each) => {
      const [name, ...params] = each.split(';').map((part) => part.trim().toLowerCase())
      const weight = params.find((param) => param.startsWith('q='))
      return [name, weight === undefined ? 1 : Number(weight.slice(2))]
    }),
  )
  const weightOf = (coding: Coding) => weights.get(coding) ?? weights.get('*') ?? 0
  const best = Math.max(...CODINGS.map(weightOf))
  return best > 0 ? CODINGS.find((coding) => weightOf(coding) === best) : undefined
}
