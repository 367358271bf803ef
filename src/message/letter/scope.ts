/** Who was written to (R1). `list`: the list's own address, which is its members. */
export type Scope = 'participants' | 'team' | 'list';
