/** Where the walk is, from the resource inwards; written only when there is something to say. */
export interface Location {
  readonly parent?: Location;
  /** As FHIRPath has it: `Patient`, `name`, `value.ofType(Quantity)`. */
  readonly name: string;
  /** Of an element that repeats. */
  readonly index?: number;
}

/** `Patient.name[0].given[1]` */
export function printLocation({ parent, name, index }: Location): string {
  const own = index === undefined ? name : `${name}[${index}]`;
  return parent ? `${printLocation(parent)}.${own}` : own;
}
