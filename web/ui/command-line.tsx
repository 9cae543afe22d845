import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import styles from './command-line.module.css'

/** A command to run in a terminal, copied on click. */
export function CommandLine({ text }: { readonly text: string }) {
  const { t } = useTranslation()
  const [copied, setCopied] = useState(false)
  const copy = async () => {
    try {
      await navigator.clipboard.writeText(text)
      setCopied(true)
      setTimeout(() => setCopied(false), 1500)
    } catch {
      // Expected: NotAllowedError without a secure context. The text can still be selected.
    }
  }
  return (
    <span className={styles['line']}>
      <code className="number">{text}</code>
      <button type="button" onClick={() => void copy()} aria-label={`${t('state.copy')}: ${text}`}>
        {copied ? t('state.copied') : t('state.copy')}
      </button>
    </span>
  )
}
