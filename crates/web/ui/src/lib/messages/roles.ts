/** What a role leaves out, said politely. */
export const allowed = {
  title: 'Your role does not go so far',
  text: (role: string) =>
    `You are here as: ${role}. What you may see stays open to you; for more, ask whoever looks after Groundswell.`,
  back: 'Back to the overview',
  tryQuery: 'You may try queries here and see what they would find. Saving one takes an analyst.',
  look: (name: string) => `Look at ${name}`,
  readOnly: 'You may look at everything here. Changing it takes an analyst.',
  judging: 'Judging posts takes an analyst. What was found out so far stands beside.',
};
