"""What the tiers ask of people: the work that a map means, and the hands there are for it."""
