import { isAttribute, isEndpoint, isHeader, pairOf, patternOf } from '../../../../src/domain/fleet/endpoint'

test.each([
  ['', true],
  ['https://collector.example.com/v1/logs', true],
  ['https://collector.example.com:4318/v1/logs?tenant=a', true],
  ['http://localhost:4318/v1/logs', true],
  ['http://127.0.0.1:4318/v1/logs', true],
  ['http://collector.example.com/v1/logs', false],
  ['http://localhost.example.com/v1/logs', false],
  ['https://user:secret@collector.example.com/v1/logs', false],
  ['https://collector.example.com/v1/logs#part', false],
  ['ftp://collector.example.com', false],
  ['collector.example.com:4318', false],
  ['nonsense', false],
  ['https://*/v1/logs', false],
  ['https://*.example.com/v1/logs', false],
  ['https://a*b/v1/logs', false],
  ['https://-a/v1/logs', false],
  ['https://a..b/v1/logs', false],
  ['https://collector/v1/logs', true],
  ['https://otel_collector.example.com./v1/logs', true],
  ['https://10.0.0.7/v1/logs', true],
  ['https://[2001:db8::7]/v1/logs', true],
  ['https://bücher.example/v1/logs', true],
])('%j may receive telemetry: %j', (text, may) => {
  expect(isEndpoint(text)).toBe(may)
})

test('the permission is requested for the host, whatever its port', () => {
  expect(patternOf('https://collector.example.com:4318/v1/logs')).toBe('https://collector.example.com/*')
  expect(patternOf('http://localhost:4318/v1/logs')).toBe('http://localhost/*')
})

test.each([
  ['Authorization=Bearer abc==', true],
  ['X-Key = abc', true],
  ['X-Key', false],
  ['X-Key=', false],
  ['=abc', false],
  ['X Key=abc', false],
  ['X-Key=a\nb', false],
  ['X-Key=ü', false],
  ['Content-Type=text/plain', false],
  ['host=elsewhere', false],
])('%j is a header: %j', (item, is) => {
  expect(isHeader(item)).toBe(is)
})

test.each([
  ['site=Lissabon', true],
  ['deployment.environment.name=prod', true],
  ['site', false],
  ['site= ', false],
  ['a b=c', false],
  ['service.name=mine', false],
  ['service.instance.id=mine', false],
])('%j is an attribute: %j', (item, is) => {
  expect(isAttribute(item)).toBe(is)
})

test('the value begins after the first equals sign', () => {
  expect(pairOf('Authorization = Basic YTpi==')).toEqual(['Authorization', 'Basic YTpi=='])
})
