/** What a file says: jsdom's Blob cannot be read but in this way. */
export function textOf(content: Blob): Promise<string> {
  return new Promise((resolve) => {
    const reader = new FileReader()
    reader.onload = () => resolve(reader.result as string)
    reader.readAsText(content)
  })
}
