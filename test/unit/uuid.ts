/** An id of a document or a close in the exact form that borders accept, always the same for the same word. */
export function uuid(word: string): string {
  const hex = Array.from(word, (letter) => letter.charCodeAt(0).toString(16).padStart(2, '0')).join('')
  const digits = hex.padStart(32, '0').slice(-32)
  return [0, 8, 12, 16, 20, 32]
    .slice(1)
    .map((end, index) => digits.slice([0, 8, 12, 16, 20][index], end))
    .join('-')
}
