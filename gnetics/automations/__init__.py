"""Rules that run by themselves: each thing that is due is done once, and the Automations Log says why, or why not."""
