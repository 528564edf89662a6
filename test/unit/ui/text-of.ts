/** The text of a file: jsdom's Blob can be read only like this. */
export function textOf(content: Blob): Promise<string> {
  return new Promise((resolve) => {
    const reader = new FileReader()
    reader.onload = () => resolve(reader.result as string)
    reader.readAsText(content)
  })
}
