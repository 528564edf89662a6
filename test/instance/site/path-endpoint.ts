/**
 * Added to the SharedWorker in worlds whose page passes the API's address as a path: makes the worker resolve it.
 * Public versions of Streams take a path for a host name, and fail; only a build of AWS's own could do this.
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
