"""From files to examples: inputs, domains, tasks, readers, cards, downloads, and what a name means."""
