/** The people of every faulty source: the columns of its one table. */
export interface Person {
  readonly id: string;
  readonly family: string;
  readonly sex: 'f' | 'm' | '';
  readonly address: string;
}

export const columns = ['id', 'family', 'sex', 'address'] as const;

const families = ['Ng', 'Ngata', 'Oh', 'Iyer', 'Berg', 'Silva'];

/** Enough, and wide enough, for an answer to have a middle. */
export const people: readonly Person[] = Array.from({ length: 60 }, (_, i) => ({
  id: `p${String(i).padStart(3, '0')}`,
  family: `${families[i % families.length]} ${i}`,
  sex: i % 10 === 0 ? '' : i % 2 === 0 ? 'f' : 'm',
  address: `${i} Long Lane `.repeat(8).trim(),
}));
