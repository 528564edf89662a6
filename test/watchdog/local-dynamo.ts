import type { AddressInfo } from 'node:net'
import { CreateTableCommand, DescribeTableCommand, DynamoDBClient } from '@aws-sdk/client-dynamodb'
import { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb'
import dynalite from 'dynalite'
import { DynamoTable } from '../../watchdog/src/dynamo-table'

export interface LocalDynamo {
  readonly endpoint: string
  readonly documents: DynamoDBDocumentClient
  readonly table: DynamoTable
  /** The name of `table`. */
  readonly tableName: string
  /** Makes another, empty table. */
  another(): Promise<DynamoTable>
  close(): Promise<void>
}

/** Starts a local DynamoDB (dynalite) on the loopback interface, with the watchdog's table. */
export async function startLocalDynamo(): Promise<LocalDynamo> {
  const server = dynalite({ createTableMs: 0 })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo
  const endpoint = `http://127.0.0.1:${port}`
  const client = new DynamoDBClient({
    endpoint,
    region: 'us-east-1',
    credentials: { accessKeyId: 'none', secretAccessKey: 'none' },
  })
  const documents = DynamoDBDocumentClient.from(client)
  let made = 0
  const another = async (): Promise<DynamoTable> => {
    made += 1
    const name = `watchdog-${made}`
    await client.send(
      new CreateTableCommand({
        TableName: name,
        BillingMode: 'PAY_PER_REQUEST',
        KeySchema: [
          { AttributeName: 'pk', KeyType: 'HASH' },
          { AttributeName: 'sk', KeyType: 'RANGE' },
        ],
        AttributeDefinitions: [
          { AttributeName: 'pk', AttributeType: 'S' },
          { AttributeName: 'sk', AttributeType: 'S' },
        ],
      }),
    )
    // The answer comes before the table is ready.
    while ((await client.send(new DescribeTableCommand({ TableName: name }))).Table?.TableStatus !== 'ACTIVE') continue
    return new DynamoTable(documents, name)
  }
  return {
    endpoint,
    documents,
    table: await another(),
    tableName: 'watchdog-1',
    another,
    close: async () => {
      client.destroy()
      server.closeAllConnections()
      await new Promise((resolve) => server.close(resolve))
    },
  }
}
