/** An error that the API answers: AWS's error code, and the HTTP status. */
export class ApiError extends Error {
  constructor(
    readonly code: string,
    readonly status: number,
    message: string = code,
  ) {
    super(message)
  }
}

/** The errors of `PutAgentState` and of operations on contacts. */
export const invalidState = (message: string): ApiError => new ApiError('InvalidStateException', 400, message)
export const unexpectedParameter = (name: string): ApiError =>
  new ApiError('UnexpectedParameter', 400, `Unexpected key '${name}' found in params`)
export const invalidParameter = (message: string): ApiError => new ApiError('InvalidParameterException', 400, message)
