import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import type { ApiFailure } from '../api.ts'
import { commands } from '../commands.ts'
import { CommandLine } from './command-line.tsx'
import styles from './state-panel.module.css'

interface StatePanelProps {
  readonly kind: 'empty' | 'broken'
  readonly title: string
  readonly detail: string
  /** What to run next. */
  readonly command?: string | undefined
  readonly children?: ReactNode
}

/** A panel without rows: what is the matter and what to do about it. */
export function StatePanel({ kind, title, detail, command, children }: StatePanelProps) {
  return (
    <div className={styles['panel']} role={kind === 'broken' ? 'alert' : 'status'} data-state={kind}>
      <span className={styles[kind]} aria-hidden>
        {kind === 'broken' ? '!' : '0'}
      </span>
      <h3>{title}</h3>
      <p>{detail}</p>
      {command === undefined ? undefined : <CommandLine text={command} />}
      {children}
    </div>
  )
}

/** A question without an answer: the server's own sentence, and by kind what to do. */
export function FailurePanel({ failure, retry }: { readonly failure: ApiFailure; readonly retry: () => void }) {
  const { t } = useTranslation()
  const { title, detail, command } = {
    unreachable: { title: t('state.unreachable'), detail: t('state.unreachableDetail', { host: location.host }), command: commands.serve },
    'not-ready': { title: t('state.notReady'), detail: t('state.notReadyDetail'), command: undefined },
    refused: { title: t('state.refused'), detail: '', command: undefined },
    failed: {
      title: t('state.failed'),
      detail: t('state.failedDetail', { request: failure.requestId === undefined ? '' : t('state.request', { id: failure.requestId }) }),
      command: undefined,
    },
  }[failure.kind]
  return (
    <StatePanel kind="broken" title={title} detail={detail} command={command}>
      {failure.kind === 'unreachable' ? undefined : (
        <p className={styles['said']}>
          <b className="number">{failure.code}</b> {failure.message}
        </p>
      )}
      <button type="button" className={styles['retry']} onClick={retry}>
        {t('state.retry')}
      </button>
    </StatePanel>
  )
}

/** A line above rows that are older than they should be. */
export function StaleBanner({ text, command }: { readonly text: string; readonly command?: string | undefined }) {
  return (
    <div className={styles['banner']} role="status" data-state="stale">
      <i aria-hidden />
      <span>{text}</span>
      {command === undefined ? undefined : <CommandLine text={command} />}
    </div>
  )
}
