import { Fault } from '../errors/fault.js';

/** A 400 that names the parameter and what it wants; the value itself may be health data and stays out. */
export function invalidValue(parameter: string, wanted: string): Fault {
  return new Fault('invalid-value', `The value of "${parameter}" is not valid: ${wanted}`, {
    expression: `http.${parameter}`,
  });
}
