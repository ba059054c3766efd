import { get } from './processes.mjs';

const sealed = /_cursor=([\w-]+)/;

/** The requests that both answer with the same bytes (a sealed cursor, which is random, counts by its length). Throws when they are few. */
export async function identical(kind, paths, port, floorPort) {
  const same = [];
  let differs;
  for (const path of paths) {
    const ours = await get(port, path);
    const cursor = sealed.exec(ours.text)?.[1];
    if (cursor) await get(floorPort, `/cursor/${cursor}`);
    const bare = await get(floorPort, path);
    if (ours.status === 200 && ours.text === bare.text) same.push({ path, cursor: cursor?.length ?? 0 });
    else differs ??= `${path}\n${ours.text.slice(0, 3000)}\n${bare.text.slice(0, 3000)}`;
  }
  // Rows that hold a fault of the demo are answered with more care than the floor takes; those are left out.
  if (same.length < paths.length * 0.5 || same.length === 0)
    throw new Error(`${kind}: the floor answers differently (${same.length} of ${paths.length} are equal)\n${differs}`);
  return same.map(({ path }) => path);
}
