/** The parts of an operation by name: a text, a number, or the member that is the value. */
export type Parts = Readonly<Record<string, unknown>>;

const operation = (parts: Parts) => ({
  name: 'operation',
  part: Object.entries(parts).map(([name, value]) =>
    typeof value === 'object'
      ? { name, ...value }
      : typeof value === 'number'
        ? { name, valueInteger: value }
        : name === 'type'
          ? { name, valueCode: value }
          : { name, valueString: value },
  ),
});
/** A FHIRPath Patch of some operations. */
export const patch = (...operations: readonly Parts[]) => ({
  resourceType: 'Parameters',
  parameter: operations.map(operation),
});
