/**
 * In the worlds whose page hands over the API's address as a path, the SharedWorker reads it as one. Public versions of
 * Streams take a path for a host's name, and reach nobody: only a build of AWS's own could have it.
 */
{
  interface Client {
    (this: object, token: string, region: string, endpoint: string): void
    prototype: object
  }
  const { connect } = globalThis as unknown as { connect: { AWSClient: Client } }
  const { AWSClient: stock } = connect
  const reading = function (this: object, token: string, region: string, endpoint: string): void {
    stock.call(this, token, region, new URL(endpoint, self.location.href).href)
  }
  connect.AWSClient = Object.assign(reading, { prototype: stock.prototype })
}
