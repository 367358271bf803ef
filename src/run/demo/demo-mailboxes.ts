import { demoMembers, demoReporter } from './community.ts';

export type Mailbox = Readonly<{ address: string; name: string; role: string }>;

/** Everybody who exists, with or without mail. */
export const demoMailboxes: readonly Mailbox[] = [
  { address: demoReporter.address, name: demoReporter.name, role: 'Reporter' },
  ...demoMembers.flatMap((member) =>
    member.people.map(({ address, name }) => ({ address, name, role: member.name })),
  ),
];
